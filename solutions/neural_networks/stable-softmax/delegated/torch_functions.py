"""The three functions of torch."""

import torch
from torch import Tensor


def logsumexp(x: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    """torch.logsumexp."""
    return torch.logsumexp(x, dim=dim, keepdim=keepdim)


def softmax(x: Tensor, dim: int = -1, temperature: float = 1.0) -> Tensor:
    """torch.softmax."""
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    return torch.softmax(x / temperature, dim=dim)


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """torch.log_softmax."""
    return torch.log_softmax(x, dim=dim)
