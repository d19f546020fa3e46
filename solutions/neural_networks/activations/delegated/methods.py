"""The methods of a tensor, and what torch.special and softplus know."""

import torch
import torch.nn.functional as F
from torch import Tensor


def relu(x: Tensor) -> Tensor:
    """0 below 0."""
    return x.relu()


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """A slope below 0."""
    return F.leaky_relu(x, negative_slope)


def sigmoid(x: Tensor) -> Tensor:
    """The logistic curve."""
    return torch.special.expit(x)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return x.tanh()


def silu(x: Tensor) -> Tensor:
    """X times sigmoid(x)."""
    return x * x.sigmoid()


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """X times the normal distribution function."""
    return (
        x * torch.special.ndtr(x)
        if approximate == "none"
        else x * F.logsigmoid(2 * (2 / torch.pi) ** 0.5 * (x + 0.044715 * x**3)).exp()
    )


def _slope(function, x: Tensor, *options: float | str) -> Tensor:
    x = x.detach().requires_grad_()
    with torch.enable_grad():
        y = function(x, *options)
    (slope,) = torch.autograd.grad(y, x, torch.ones_like(x))
    return slope


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
