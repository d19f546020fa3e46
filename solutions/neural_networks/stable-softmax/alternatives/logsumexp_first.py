"""Everything from logsumexp, each function from the one before; the maximum carries no gradient."""

import torch
from torch import Tensor


def logsumexp(x: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    """The logarithm of the sum of the exponentials of each row."""
    lowest = torch.finfo(x.dtype).min
    top = x.detach().max(dim, keepdim=True).values.clamp(min=lowest)
    total = torch.exp(x - top).sum(dim)
    result = total.log() + top.squeeze(dim)
    return result.unsqueeze(dim) if keepdim else result


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """The logarithms of the weights."""
    return x - logsumexp(x, dim, keepdim=True)


def softmax(x: Tensor, dim: int = -1, temperature: float = 1.0) -> Tensor:
    """The weights, as the exponentials of their logarithms."""
    if not temperature > 0:
        raise ValueError("temperature must be positive")
    return log_softmax(x / temperature, dim).exp()
