"""Pairs of a value and a slope, and one autograd function that takes any of them."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

Rule = Callable[[Tensor], tuple[Tensor, Tensor]]


class _Bend(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, rule: Rule) -> Tensor:
        value, slope = rule(x)
        ctx.save_for_backward(slope)
        return value

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None]:
        return g * ctx.saved_tensors[0], None


def _leaky(a: float) -> Rule:
    def rule(x: Tensor) -> tuple[Tensor, Tensor]:
        slope = torch.full_like(x, a).masked_fill(x > 0, 1.0)
        return slope * x, slope

    return rule


def _logistic(x: Tensor) -> tuple[Tensor, Tensor]:
    small = torch.exp(-x.abs())  # in 0..1 on both sides
    s = torch.where(x < 0, small, torch.ones_like(x)) / (1 + small)
    return s, small / (1 + small) ** 2


def _hyperbolic(x: Tensor) -> tuple[Tensor, Tensor]:
    small = torch.exp(-2 * x.abs())
    return x.sign() * (1 - small) / (1 + small), 4 * small / (1 + small).square()


def _gated(gate: Rule) -> Rule:
    def rule(x: Tensor) -> tuple[Tensor, Tensor]:
        g, steep = gate(x)
        return x * g, g + x * steep

    return rule


def _normal(x: Tensor) -> tuple[Tensor, Tensor]:
    return torch.special.ndtr(x), torch.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


def _gpt2(x: Tensor) -> tuple[Tensor, Tensor]:
    root = math.sqrt(2 / math.pi)
    t, steep = _hyperbolic(root * x * (1 + 0.044715 * x * x))
    return (1 + t) / 2, steep / 2 * root * (1 + 0.134145 * x * x)


_SILU, _GELU = _gated(_logistic), {"none": _gated(_normal), "tanh": _gated(_gpt2)}


def relu(x: Tensor) -> Tensor:
    """Leaky with slope 0."""
    return _Bend.apply(x, _leaky(0.0))


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """One of two slopes."""
    return _Bend.apply(x, _leaky(negative_slope))


def sigmoid(x: Tensor) -> Tensor:
    """The logistic curve."""
    return _Bend.apply(x, _logistic)


def tanh(x: Tensor) -> Tensor:
    """The hyperbolic tangent."""
    return _Bend.apply(x, _hyperbolic)


def silu(x: Tensor) -> Tensor:
    """The logistic gate."""
    return _Bend.apply(x, _SILU)


def gelu(x: Tensor, approximate: str = "none") -> Tensor:
    """The normal gate, or GPT-2's."""
    return _Bend.apply(x, _GELU[approximate])


def relu_grad(x: Tensor) -> Tensor:
    """The second of the pair."""
    return _leaky(0.0)(x)[1]


def leaky_relu_grad(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """The second of the pair."""
    return _leaky(negative_slope)(x)[1]


def sigmoid_grad(x: Tensor) -> Tensor:
    """The second of the pair."""
    return _logistic(x)[1]


def tanh_grad(x: Tensor) -> Tensor:
    """The second of the pair."""
    return _hyperbolic(x)[1]


def silu_grad(x: Tensor) -> Tensor:
    """The second of the pair."""
    return _SILU(x)[1]


def gelu_grad(x: Tensor, approximate: str = "none") -> Tensor:
    """The second of the pair."""
    return _GELU[approximate](x)[1]
