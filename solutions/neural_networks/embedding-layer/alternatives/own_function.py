"""An autograd function with the backward pass by hand, which adds row after row."""

from typing import Any

import torch
from torch import Tensor, nn


class _Lookup(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, weight: Tensor, ids: Tensor, padding_idx: int | None) -> Tensor:
        ctx.save_for_backward(ids)
        ctx.rows, ctx.padding_idx = weight.shape[0], padding_idx
        return weight.index_select(0, ids.flatten()).reshape(*ids.shape, weight.shape[1])

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None, None]:
        (ids,) = ctx.saved_tensors
        grad = embedding_backward(ids, dy, ctx.rows)
        if ctx.padding_idx is not None:
            grad[ctx.padding_idx] = 0
        return grad, None, None


class Embedding(nn.Module):
    def __init__(self, V: int, d: int, padding_idx: int | None = None) -> None:
        super().__init__()
        self.V, self.padding_idx = V, padding_idx
        self.weight = nn.Parameter(torch.zeros(V, d))
        nn.init.normal_(self.weight, std=0.02)
        if padding_idx is not None:
            nn.init.zeros_(self.weight.data[padding_idx])

    def forward(self, ids: Tensor) -> Tensor:
        if torch.is_floating_point(ids):
            raise TypeError("floating ids")
        if ids.numel() and (ids.min().item() < 0 or ids.max().item() >= self.V):
            raise IndexError("id out of range")
        return _Lookup.apply(self.weight, ids, self.padding_idx)


def embedding_backward(ids: Tensor, dy: Tensor, V: int) -> Tensor:
    grad = dy.new_zeros((V, dy.shape[-1]))
    for i, row in zip(ids.reshape(-1).tolist(), dy.reshape(-1, dy.shape[-1]), strict=True):
        grad[i] = grad[i] + row
    return grad
