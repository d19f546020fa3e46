"""torch.nn.functional, and autograd of it."""

import torch
import torch.nn.functional as F
from torch import Tensor


def relu(x: Tensor) -> Tensor:
    """0 below 0."""
    return F.relu(x)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """A slope below 0."""
    return F.leaky_relu(x, negative_slope)


def sigmoid(x: Tensor) -> Tensor:
    """The logistic curve."""
    return F.sigmoid(x)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return F.tanh(x)


def silu(x: Tensor) -> Tensor:
    """X times sigmoid(x)."""
    return F.silu(x)


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """X times the normal distribution function."""
    return F.gelu(x, approximate=approximate)


def _slope(function, x: Tensor, *options: float | str) -> Tensor:
    x = x.detach().requires_grad_()
    return torch.autograd.grad(function(x, *options).sum(), x)[0]


def relu_grad(x: Tensor) -> Tensor:
    """By autograd."""
    return _slope(relu, x)


def leaky_relu_grad(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """By autograd."""
    return _slope(leaky_relu, x, negative_slope)


def sigmoid_grad(x: Tensor) -> Tensor:
    """By autograd."""
    return _slope(sigmoid, x)


def tanh_grad(x: Tensor) -> Tensor:
    """By autograd."""
    return _slope(tanh, x)


def silu_grad(x: Tensor) -> Tensor:
    """By autograd."""
    return _slope(silu, x)


def gelu_grad(x: Tensor, approximate: str = "none") -> Tensor:
    """By autograd."""
    return _slope(gelu, x, approximate)
