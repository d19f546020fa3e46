"""The methods of a tensor, and softmax as the exponential of its logarithm."""

from torch import Tensor


def logsumexp(x: Tensor, dim: int = -1, keepdim: bool = False) -> Tensor:
    """Tensor.logsumexp."""
    return x.logsumexp(dim, keepdim)


def softmax(x: Tensor, dim: int = -1, temperature: float = 1.0) -> Tensor:
    """Tensor.log_softmax, undone."""
    if temperature <= 0:
        raise ValueError("temperature must be positive")
    return (x / temperature).log_softmax(dim).exp()


def log_softmax(x: Tensor, dim: int = -1) -> Tensor:
    """Tensor.log_softmax."""
    return x.log_softmax(dim)
