"""An answer to `stable-softmax`, as a learner might write it."""

import torch
from torch import Tensor


def _shift(x: Tensor, dim: int) -> Tensor:
    """The largest value along `dim`, or 0 where there is none to subtract."""
    if x.shape[dim] == 0 or x.numel() == 0:
        return torch.zeros_like(x.sum(dim, keepdim=True))
    top = x.amax(dim, keepdim=True).detach()
    return torch.where(top.isinf(), torch.zeros_like(top), top)


def logsumexp(x: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    """log of the sum of exponentials along `dim`."""
    top = _shift(x, dim)
    out = (x - top).exp().sum(dim, keepdim=True).log() + top
    return out if keepdim else out.squeeze(dim)


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """The logarithm of softmax, without taking the logarithm of a rounded zero."""
    top = _shift(x, dim)
    shifted = x - top
    return shifted - shifted.exp().sum(dim, keepdim=True).log()


def softmax(x: Tensor, dim: int = -1, temperature: float = 1.0) -> Tensor:
    """Probabilities proportional to exp(x / temperature)."""
    if temperature <= 0:
        raise ValueError("the temperature must be positive")
    e = (x / temperature - _shift(x / temperature, dim)).exp()
    return e / e.sum(dim, keepdim=True)
