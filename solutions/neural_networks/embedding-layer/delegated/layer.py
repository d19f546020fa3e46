"""torch.nn.Embedding, and the operator that it uses on the way back."""

import torch
from torch import Tensor, nn


class Embedding(nn.Embedding):
    """The table, with one Parameter: weight (V, d); the gradient of the padding row is zero."""

    def __init__(self, V: int, d: int, padding_idx: int | None = None) -> None:
        super().__init__(V, d, padding_idx=padding_idx)

    def forward(self, ids: Tensor) -> Tensor:
        """The vectors (..., d) of ids (...); IndexError, or TypeError for floating ids."""
        if ids.is_floating_point():
            raise TypeError(f"ids must be integers, not {ids.dtype}")
        return super().forward(ids)


def embedding_backward(ids: Tensor, dy: Tensor, V: int) -> Tensor:
    """The gradient (V, d) of the table: repeated ids add up."""
    return torch.ops.aten.embedding_dense_backward(dy, ids, V, -1, False)
