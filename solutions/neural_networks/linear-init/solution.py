"""A linear layer, and the seven ways to start it: a few standard deviations, and two shapes."""

import math
from typing import Literal

import torch
from torch import Tensor, nn

Init = Literal[
    "torch_default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal",
    "trunc_normal", "gpt2",
]  # fmt: skip


def gain(nonlinearity: Literal["relu", "leaky_relu", "tanh"], a: float = 0.01) -> float:
    """By what to multiply a standard deviation, so that it survives the nonlinearity."""
    if nonlinearity == "relu":
        return math.sqrt(2.0)  # half of the mean square is lost
    if nonlinearity == "leaky_relu":
        return math.sqrt(2.0 / (1 + a**2))
    if nonlinearity == "tanh":
        return 5 / 3
    raise ValueError(f"unknown nonlinearity: {nonlinearity!r}")


def _uniform_(w: Tensor, std: float, generator: torch.Generator | None) -> Tensor:
    bound = math.sqrt(3.0) * std  # the variance of U(-b, b) is b² / 3
    with torch.no_grad():
        return w.uniform_(-bound, bound, generator=generator)


def _normal_(w: Tensor, std: float, generator: torch.Generator | None) -> Tensor:
    with torch.no_grad():
        return w.normal_(0.0, std, generator=generator)


def _xavier_std(w: Tensor) -> float:
    d_out, d_in = w.shape
    return math.sqrt(2.0 / (d_in + d_out))


def _kaiming_std(w: Tensor, mode: str, a: float) -> float:
    d_out, d_in = w.shape
    fan = d_in if mode == "fan_in" else d_out
    return gain("leaky_relu", a) / math.sqrt(fan)


def xavier_uniform_(w: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Fill w in place: uniform, variance 2 / (d_in + d_out)."""
    return _uniform_(w, _xavier_std(w), generator)


def xavier_normal_(w: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Fill w in place: normal, variance 2 / (d_in + d_out)."""
    return _normal_(w, _xavier_std(w), generator)


def kaiming_uniform_(
    w: Tensor,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    a: float = 0.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Fill w in place: uniform, with the standard deviation gain / √fan."""
    return _uniform_(w, _kaiming_std(w, mode, a), generator)


def kaiming_normal_(
    w: Tensor,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    a: float = 0.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Fill w in place: normal, with the standard deviation gain / √fan."""
    return _normal_(w, _kaiming_std(w, mode, a), generator)


def trunc_normal_(w: Tensor, std: float, generator: torch.Generator | None = None) -> Tensor:
    """Fill w in place: normal, and what falls beyond 3 std is drawn again."""
    _normal_(w, std, generator)
    while (far := w.detach().abs() > 3 * std).any():  # 1 in 370, then 1 in 370 of these, ...
        with torch.no_grad():
            w[far] = _normal_(w.new_empty(int(far.sum())), std, generator)
    return w


class Linear(nn.Module):
    """The layer y = x Wᵀ + b, with Parameters weight (d_out, d_in) and bias (d_out,) or None."""

    def __init__(
        self,
        d_in: int,
        d_out: int,
        bias: bool = True,
        init: Init = "torch_default",
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(d_out, d_in))
        self.bias = nn.Parameter(torch.zeros(d_out)) if bias else None
        fill = {
            "torch_default": lambda w: kaiming_uniform_(w, a=math.sqrt(5), generator=generator),
            "xavier_uniform": lambda w: xavier_uniform_(w, generator),
            "xavier_normal": lambda w: xavier_normal_(w, generator),
            "kaiming_uniform": lambda w: kaiming_uniform_(w, generator=generator),
            "kaiming_normal": lambda w: kaiming_normal_(w, generator=generator),
            "trunc_normal": lambda w: trunc_normal_(w, _xavier_std(w), generator),
            "gpt2": lambda w: _normal_(w, 0.02, generator),
        }
        if init not in fill:
            raise ValueError(f"unknown init: {init!r}")
        fill[init](self.weight)  # a = √5 has the gain 1/√3, so that the bound is 1/√d_in
        if init == "torch_default" and bias:
            _uniform_(self.bias, 1 / math.sqrt(3.0 * d_in), generator)

    def forward(self, x: Tensor) -> Tensor:
        """The output (..., d_out) for x (..., d_in)."""
        y = x @ self.weight.T  # (..., d_out)
        return y if self.bias is None else y + self.bias
