"""An embedding: looking up a row is a product with a one-hot row, without the zeros."""

import torch
from torch import Tensor, nn


class Embedding(nn.Module):
    """The table, with one Parameter: weight (V, d); the gradient of the padding row is zero."""

    def __init__(self, V: int, d: int, padding_idx: int | None = None) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(V, d))
        self.padding_idx = padding_idx
        if padding_idx is not None:
            with torch.no_grad():
                self.weight[padding_idx] = 0.0

    def forward(self, ids: Tensor) -> Tensor:
        """The vectors (..., d) of ids (...); IndexError, or TypeError for floating ids."""
        if ids.is_floating_point():
            raise TypeError(f"ids must be integers, not {ids.dtype}")
        if (ids < 0).any():  # they would count from the end; ids of V and more torch refuses
            raise IndexError("an id is negative")
        rows = self.weight[ids]  # (..., d)
        if self.padding_idx is None:
            return rows
        is_padding = (ids == self.padding_idx).unsqueeze(-1)  # (..., 1)
        return torch.where(is_padding, rows.detach(), rows)  # the value stays, the gradient goes


@torch.no_grad()
def embedding_backward(ids: Tensor, dy: Tensor, V: int) -> Tensor:
    """The gradient (V, d) of the table: one-hot.T @ dy, so repeated ids add up."""
    d = dy.shape[-1]
    grad = torch.zeros(V, d, dtype=dy.dtype)
    return grad.index_add_(0, ids.reshape(-1), dy.reshape(-1, d))  # grad[ids] += dy loses some
