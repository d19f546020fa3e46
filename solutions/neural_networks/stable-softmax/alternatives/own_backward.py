"""The derivatives by hand: three autograd functions on rows, with `dim` moved to the end."""

from typing import Any

import torch
from torch import Tensor


def _shares(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Row maxima, row totals and weights along the last dimension."""
    top = x.amax(-1, keepdim=True)
    scaled = torch.exp(x - top)
    total = scaled.sum(-1, keepdim=True)
    return top, total, scaled / total


class _Softmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        weights = _shares(x)[2]
        ctx.save_for_backward(weights)
        return weights

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:
        (weights,) = ctx.saved_tensors
        return weights * (g - (g * weights).sum(-1, keepdim=True))


class _LogSoftmax(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        top, total, weights = _shares(x)
        ctx.save_for_backward(weights)
        return x - top - torch.log(total)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:
        (weights,) = ctx.saved_tensors
        return g - weights * g.sum(-1, keepdim=True)


class _LogSumExp(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        top, total, weights = _shares(x)
        ctx.save_for_backward(weights)
        return torch.where(top == -torch.inf, top, top + torch.log(total)).squeeze(-1)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:
        (weights,) = ctx.saved_tensors
        return g.unsqueeze(-1) * weights


def logsumexp(x: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    """The logarithm of the sum of the exponentials of each row."""
    result = _LogSumExp.apply(x.movedim(dim, -1))
    return result.unsqueeze(dim) if keepdim else result


def softmax(x: Tensor, dim: int = -1, temperature: float = 1.0) -> Tensor:
    """The weights of each row."""
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    return _Softmax.apply((x / temperature).movedim(dim, -1)).movedim(-1, dim)


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """The logarithms of the weights of each row."""
    return _LogSoftmax.apply(x.movedim(dim, -1)).movedim(-1, dim)
