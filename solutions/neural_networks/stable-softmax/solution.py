"""Stable softmax: after each row's largest entry is taken from it, no exponential exceeds 1."""

import torch
from torch import Tensor


def logsumexp(x: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    """The logarithm of the sum of the exponentials of each row."""
    top = x.amax(dim, keepdim=True)  # size 1 along dim
    top = top.masked_fill(top == -torch.inf, 0.0)  # -inf - (-inf) would be NaN
    out = top + (x - top).exp().sum(dim, keepdim=True).log()
    return out if keepdim else out.squeeze(dim)


def softmax(x: Tensor, dim: int = -1, temperature: float = 1.0) -> Tensor:
    """The weights exp(x / temperature), divided by their sum."""
    if temperature <= 0:
        raise ValueError(f"the temperature must be above 0, not {temperature}")
    weights = ((x - x.amax(dim, keepdim=True)) / temperature).exp()  # the largest of a row is 1
    return weights / weights.sum(dim, keepdim=True)  # so that this sum is at least 1


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """The logarithms of the weights: log(exp(z) / s) is z - log(s)."""
    z = x - x.amax(dim, keepdim=True)  # shape of x
    return z - z.exp().sum(dim, keepdim=True).log()
