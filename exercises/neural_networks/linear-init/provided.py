"""torch's own linear layer and initialisations, for those who have not written them yet."""

import math
from typing import Literal

import torch
from torch import Tensor, nn

Init = Literal[
    "torch_default", "xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal",
    "trunc_normal", "gpt2",
]  # fmt: skip


def gain(nonlinearity: Literal["relu", "leaky_relu", "tanh"], a: float = 0.01) -> float:
    """By what to multiply a standard deviation; ValueError for an unknown nonlinearity."""
    return float(nn.init.calculate_gain(nonlinearity, a))


def xavier_uniform_(w: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Fill w in place: uniform, variance 2 / (d_in + d_out)."""
    return nn.init.xavier_uniform_(w, generator=generator)


def xavier_normal_(w: Tensor, generator: torch.Generator | None = None) -> Tensor:
    """Fill w in place: normal, variance 2 / (d_in + d_out)."""
    return nn.init.xavier_normal_(w, generator=generator)


def kaiming_uniform_(
    w: Tensor,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    a: float = 0.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Fill w in place: uniform, with the standard deviation gain("leaky_relu", a) / √fan."""
    return nn.init.kaiming_uniform_(w, a, mode, generator=generator)


def kaiming_normal_(
    w: Tensor,
    mode: Literal["fan_in", "fan_out"] = "fan_in",
    a: float = 0.0,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Fill w in place: normal, with the standard deviation gain("leaky_relu", a) / √fan."""
    return nn.init.kaiming_normal_(w, a, mode, generator=generator)


def trunc_normal_(w: Tensor, std: float, generator: torch.Generator | None = None) -> Tensor:
    """Fill w in place: normal, drawn again beyond 3 std."""
    return nn.init.trunc_normal_(w, 0.0, std, -3 * std, 3 * std, generator=generator)


class Linear(nn.Linear):
    """The layer y = x Wᵀ + b, with Parameters weight (d_out, d_in) and bias (d_out,) or None."""

    def __init__(
        self,
        d_in: int,
        d_out: int,
        bias: bool = True,
        init: Init = "torch_default",
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__(d_in, d_out, bias)
        fill = {
            "torch_default": lambda w: kaiming_uniform_(w, a=math.sqrt(5), generator=generator),
            "xavier_uniform": lambda w: xavier_uniform_(w, generator),
            "xavier_normal": lambda w: xavier_normal_(w, generator),
            "kaiming_uniform": lambda w: kaiming_uniform_(w, generator=generator),
            "kaiming_normal": lambda w: kaiming_normal_(w, generator=generator),
            "trunc_normal": lambda w: trunc_normal_(w, math.sqrt(2 / (d_in + d_out)), generator),
            "gpt2": lambda w: nn.init.normal_(w, 0.0, 0.02, generator=generator),
        }
        if init not in fill:
            raise ValueError(f"unknown init: {init!r}")
        fill[init](self.weight)
        if self.bias is not None:
            bound = 1 / math.sqrt(d_in) if init == "torch_default" else 0.0
            nn.init.uniform_(self.bias, -bound, bound, generator=generator)
