"""torch's own activations, under the names of this exercise, for those who have none yet."""

from collections.abc import Callable
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F


def relu(x: Tensor) -> Tensor:
    """x where it is above 0, else 0."""
    return F.relu(x)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x where it is above 0, else negative_slope times x."""
    return F.leaky_relu(x, negative_slope)


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x))."""
    return torch.sigmoid(x)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return torch.tanh(x)


def silu(x: Tensor) -> Tensor:
    """x times sigmoid(x)."""
    return F.silu(x)


def gelu(x: Tensor, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """x times the normal distribution function, or its tanh form."""
    return F.gelu(x, approximate=approximate)


def _slope(function: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """The derivative of an elementwise function at x."""
    with torch.enable_grad():
        z = x.detach().requires_grad_()
        return torch.autograd.grad(function(z).sum(), z)[0]


def relu_grad(x: Tensor) -> Tensor:
    """The slope of relu, 0 at 0."""
    return _slope(relu, x)


def leaky_relu_grad(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """The slope of leaky_relu, negative_slope at 0."""
    return _slope(lambda z: leaky_relu(z, negative_slope), x)


def sigmoid_grad(x: Tensor) -> Tensor:
    """The slope of sigmoid."""
    return _slope(sigmoid, x)


def tanh_grad(x: Tensor) -> Tensor:
    """The slope of tanh."""
    return _slope(tanh, x)


def silu_grad(x: Tensor) -> Tensor:
    """The slope of silu."""
    return _slope(silu, x)


def gelu_grad(x: Tensor, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """The slope of either form of gelu."""
    return _slope(lambda z: gelu(z, approximate), x)
