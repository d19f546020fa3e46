"""A gate is the softmax of (x, 0); every slope is autograd of the function before it."""

import math

import torch
from torch import Tensor


def relu(x: Tensor) -> Tensor:
    """x times whether it is above 0."""
    return x * (x > 0)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x times one of two factors."""
    return x * torch.where(x > 0, torch.ones_like(x), torch.full_like(x, negative_slope))


def sigmoid(x: Tensor) -> Tensor:
    """The share of e^x beside e^0."""
    return torch.softmax(torch.stack([x, torch.zeros_like(x)]), dim=0)[0]


def tanh(x: Tensor) -> Tensor:
    """The share of e^x minus that of e^-x."""
    return torch.softmax(torch.stack([x, -x]), dim=0)[0] * 2 - 1


def silu(x: Tensor) -> Tensor:
    """The gate times x."""
    return sigmoid(x).mul(x)


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """As (1 + tanh u) / 2 is the sigmoid of 2 u, the tanh form is a gate as well."""
    if approximate == "none":
        return 0.5 * x * torch.erfc(-x / 2**0.5)
    u = (x + 0.044715 * x.pow(3)).mul(math.sqrt(2 / math.pi))
    return x * sigmoid(2 * u)


def _slope(function, x: Tensor, *options: float | str) -> Tensor:
    x = x.detach().requires_grad_()
    y = function(x, *options)
    return torch.autograd.grad(y, x, torch.ones_like(y))[0]


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
