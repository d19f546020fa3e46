"""A layer with one weight."""

import torch
from torch import Tensor, nn


class Scale(nn.Module):
    """Multiplies by `weight`, a parameter of shape (d,)."""

    def __init__(self, d: int) -> None:
        super().__init__()
        # TODO
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """(..., d) -> (..., d)."""
        raise NotImplementedError


def scale_(w: Tensor, factor: float) -> Tensor:
    """Multiply `w` by `factor`, in place."""
    raise NotImplementedError
