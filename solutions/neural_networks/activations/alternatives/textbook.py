"""The textbook's formulas: sigmoid as it stands, all else from it, slopes worked out on paper."""

import torch
from torch import Tensor

PI = torch.pi


def relu(x: Tensor) -> Tensor:
    """The larger of x and 0."""
    return torch.maximum(x, torch.zeros_like(x))


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """What is above 0, and a part of what is below."""
    return x.clamp(min=0) + negative_slope * x.clamp(max=0)


def sigmoid(x: Tensor) -> Tensor:
    """1 / infinity is 0, as it should be."""
    return 1 / (1 + torch.exp(-x))


def tanh(x: Tensor) -> Tensor:
    """A sigmoid, stretched."""
    return 2 * sigmoid(2 * x) - 1


def silu(x: Tensor) -> Tensor:
    """x sigmoid(x)."""
    return x / (1 + (-x).exp())


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """Both forms."""
    if approximate == "none":
        return 0.5 * x * (1.0 + torch.erf(x / 2.0**0.5))
    return 0.5 * x * (1.0 + tanh((2.0 / PI) ** 0.5 * (x + 0.044715 * torch.pow(x, 3.0))))


def relu_grad(x: Tensor) -> Tensor:
    """A step."""
    return torch.heaviside(x, torch.zeros_like(x))


def leaky_relu_grad(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """A higher step."""
    out = torch.ones_like(x)
    out[x <= 0] = negative_slope
    return out


def sigmoid_grad(x: Tensor) -> Tensor:
    """The chance of yes times that of no."""
    return sigmoid(x) * sigmoid(-x)


def tanh_grad(x: Tensor) -> Tensor:
    """Four times sigmoid's slope, at twice the place."""
    return 4 * sigmoid_grad(2 * x)


def silu_grad(x: Tensor) -> Tensor:
    """s (1 + x (1 - s))."""
    return sigmoid(x) * (1 + x * sigmoid(-x))


def gelu_grad(x: Tensor, approximate: str = "none") -> Tensor:
    """Gate plus x times the density, or the chain."""
    if approximate == "none":
        return torch.special.ndtr(x) + x * (2 * PI) ** -0.5 * (-x.square() / 2).exp()
    k = (2.0 / PI) ** 0.5
    inner, inner_slope = k * (x + 0.044715 * x**3), k * (1 + 3 * 0.044715 * x**2)
    return sigmoid(2 * inner) + x / 2 * tanh_grad(inner) * inner_slope
