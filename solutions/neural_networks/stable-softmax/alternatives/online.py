"""One pass over each row with a running maximum, as fused kernels do (Milakov, Gimelshein 2018)."""

import torch
from torch import Tensor


def _running(x: Tensor, dim: int) -> tuple[Tensor, Tensor]:
    """The largest entry of each row and the sum of exp(x - largest), both without `dim`."""
    largest = torch.full_like(x.select(dim, 0), torch.finfo(x.dtype).min).detach()
    total = torch.zeros_like(largest)
    for entry in x.unbind(dim):
        before, largest = largest, torch.maximum(largest, entry.detach())
        total = total * torch.exp(before - largest) + torch.exp(entry - largest)
    return largest, total


def logsumexp(x: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    """The logarithm of the sum of the exponentials of each row."""
    largest, total = _running(x, dim)
    result = largest + torch.log(total)
    return result.unsqueeze(dim) if keepdim else result


def softmax(x: Tensor, dim: int = -1, temperature: float = 1.0) -> Tensor:
    """The weights of each row."""
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    x = x / temperature
    largest, total = _running(x, dim)
    return torch.exp(x - largest.unsqueeze(dim)) / total.unsqueeze(dim)


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """The logarithms of the weights of each row."""
    largest, total = _running(x, dim)
    return (x - largest.unsqueeze(dim)) - torch.log(total).unsqueeze(dim)
