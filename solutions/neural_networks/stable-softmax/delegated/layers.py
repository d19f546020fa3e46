"""The layers and the functional forms of torch.nn, under other names."""

import torch.nn.functional as F
from torch import Tensor, nn
from torch.special import logsumexp as library_logsumexp


def logsumexp(x: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    """torch.special.logsumexp."""
    return library_logsumexp(x, dim, keepdim)


def softmax(x: Tensor, dim: int = -1, temperature: float = 1.0) -> Tensor:
    """nn.Softmax."""
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    layer = nn.Softmax(dim)
    return layer(x / temperature)


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """torch.nn.functional.log_softmax."""
    return F.log_softmax(x, dim)
