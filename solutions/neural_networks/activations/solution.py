"""Activations and their slopes: two gates that never overflow, and x times a gate.

The slopes are numbers to use, not to differentiate again: hence no_grad.
"""

import math
from typing import Literal

import torch
from torch import Tensor

ROOT = math.sqrt(2 / math.pi)  # of GELU's tanh form
CUBIC = 0.044715


def relu(x: Tensor) -> Tensor:
    """x where it is above 0, else 0."""
    return torch.where(x > 0, x, 0.0)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x where it is above 0, else negative_slope times x."""
    return torch.where(x > 0, x, negative_slope * x)


def sigmoid(x: Tensor) -> Tensor:
    """1 / (e^-x + e^0), with the sum in logarithms: neither it nor its gradient overflows."""
    return torch.exp(-torch.logaddexp(-x, torch.zeros_like(x)))


def tanh(x: Tensor) -> Tensor:
    """(e^2x - 1) / (e^2x + 1); from x = 20 on that is 1 in every dtype, and need not overflow."""
    e = torch.expm1(2 * x.clamp(max=20))  # e^2x - 1, precise near 0
    return e / (e + 2)


def silu(x: Tensor) -> Tensor:
    """x times sigmoid(x)."""
    return x * sigmoid(x)


def gelu(x: Tensor, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """x times the normal distribution function, or its tanh form."""
    if approximate == "tanh":
        return x * (1 + tanh(ROOT * (x + CUBIC * x**3))) / 2
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2


@torch.no_grad()
def relu_grad(x: Tensor) -> Tensor:
    """1 above 0, else 0."""
    return (x > 0).to(x.dtype)


@torch.no_grad()
def leaky_relu_grad(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """1 above 0, else negative_slope."""
    return torch.where(x > 0, torch.ones_like(x), negative_slope)


@torch.no_grad()
def sigmoid_grad(x: Tensor) -> Tensor:
    """s (1 - s)."""
    s = sigmoid(x)
    return s * (1 - s)


@torch.no_grad()
def tanh_grad(x: Tensor) -> Tensor:
    """1 - t^2."""
    return 1 - tanh(x) ** 2


@torch.no_grad()
def silu_grad(x: Tensor) -> Tensor:
    """The product rule: the gate, and x times the gate's slope."""
    return sigmoid(x) + x * sigmoid_grad(x)


@torch.no_grad()
def gelu_grad(x: Tensor, approximate: Literal["none", "tanh"] = "none") -> Tensor:
    """The product rule again; the slope of the gate is the normal density, or by the chain rule."""
    if approximate == "tanh":
        u = ROOT * (x + CUBIC * x**3)
        gate = (1 + tanh(u)) / 2
        gate_slope = tanh_grad(u) * ROOT * (1 + 3 * CUBIC * x**2) / 2
    else:
        gate = (1 + torch.erf(x / math.sqrt(2))) / 2
        gate_slope = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return gate + x * gate_slope
