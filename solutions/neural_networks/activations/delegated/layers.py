"""The layers of torch.nn, and their gradients."""

from torch import Tensor, nn


def relu(x: Tensor) -> Tensor:
    """0 below 0."""
    return nn.ReLU()(x)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """A slope below 0."""
    return nn.LeakyReLU(negative_slope)(x)


def sigmoid(x: Tensor) -> Tensor:
    """The logistic curve."""
    return nn.Sigmoid()(x)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return nn.Tanh()(x)


def silu(x: Tensor) -> Tensor:
    """X times sigmoid(x)."""
    return nn.SiLU()(x)


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """X times the normal distribution function."""
    return nn.GELU(approximate)(x)


def _slope(function, x: Tensor, *options: float | str) -> Tensor:
    x = x.clone().requires_grad_()
    function(x, *options).sum().backward()
    return x.grad


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
