"""A layer with one weight."""

import torch
from torch import Tensor, nn


class Scale(nn.Module):
    """Multiplies by `weight`, a parameter of shape (d,)."""

    def __init__(self, d: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d))

    def forward(self, x: Tensor) -> Tensor:
        """(..., d) -> (..., d)."""
        return x * self.weight


def scale_(w: Tensor, factor: float) -> Tensor:
    """Multiply `w` by `factor`, in place."""
    with torch.no_grad():
        return w.mul_(factor)
