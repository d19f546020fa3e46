"""Every law from uniform numbers through its inverse distribution function; rows times columns."""

import math
from collections.abc import Callable

import torch
from torch import Tensor, nn

Quantile = Callable[[Tensor], Tensor]


def _set(w: Tensor, quantile: Quantile, generator: torch.Generator | None) -> Tensor:
    """Put quantile(u) into w for u between -1 and 1."""
    u = torch.empty(w.shape, dtype=torch.float64).uniform_(-1, 1, generator=generator)
    w.data.copy_(quantile(u))
    return w


def _flat(std: float) -> Quantile:
    return lambda u: u * std * math.sqrt(3)


def _bell(std: float, cut: float = math.inf) -> Quantile:
    inside = math.erf(cut / math.sqrt(2))
    return lambda u: torch.erfinv(u * inside) * math.sqrt(2) * std


def gain(nonlinearity: str, a: float = 0.01) -> float:
    match nonlinearity:
        case "tanh":
            return 5 / 3
        case "relu":
            return gain("leaky_relu", 0.0)
        case "leaky_relu":
            return math.sqrt(2) / math.hypot(1, a)
    raise ValueError(f"no gain for {nonlinearity}")


def xavier_uniform_(w: Tensor, generator: torch.Generator | None = None) -> Tensor:
    return _set(w, lambda u: u * math.sqrt(6 / (w.size(0) + w.size(1))), generator)


def xavier_normal_(w: Tensor, generator: torch.Generator | None = None) -> Tensor:
    return _set(w, _bell(math.sqrt(2 / (w.size(0) + w.size(1)))), generator)


def _fan(w: Tensor, mode: str) -> int:
    return {"fan_in": w.size(1), "fan_out": w.size(0)}[mode]


def kaiming_uniform_(
    w: Tensor, mode: str = "fan_in", a: float = 0.0, generator: torch.Generator | None = None
) -> Tensor:
    return _set(w, _flat(gain("leaky_relu", a) / math.sqrt(_fan(w, mode))), generator)


def kaiming_normal_(
    w: Tensor, mode: str = "fan_in", a: float = 0.0, generator: torch.Generator | None = None
) -> Tensor:
    return _set(w, _bell(gain("leaky_relu", a) / math.sqrt(_fan(w, mode))), generator)


def trunc_normal_(w: Tensor, std: float, generator: torch.Generator | None = None) -> Tensor:
    return _set(w, _bell(std, cut=3), generator)


class Linear(nn.Module):
    def __init__(
        self,
        d_in: int,
        d_out: int,
        bias: bool = True,
        init: str = "torch_default",
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(d_out, d_in))
        self.bias = nn.Parameter(torch.ones(d_out)) if bias else None
        between = math.sqrt(2 / (d_in + d_out))
        if init == "torch_default":
            _set(self.weight, lambda u: u / math.sqrt(d_in), generator)
        elif init == "gpt2":
            _set(self.weight, _bell(0.02), generator)
        elif init == "trunc_normal":
            trunc_normal_(self.weight, between, generator=generator)
        elif init in ("xavier_uniform", "xavier_normal", "kaiming_uniform", "kaiming_normal"):
            globals()[init + "_"](self.weight, generator=generator)
        else:
            raise ValueError(f"no init is called {init}")
        if self.bias is not None:
            scale = d_in**-0.5 if init == "torch_default" else 0.0
            _set(self.bias, lambda u: u * scale, generator)

    def forward(self, x: Tensor) -> Tensor:
        rows = x.reshape(math.prod(x.shape[:-1]), x.shape[-1])
        if self.bias is None:
            y = torch.mm(rows, self.weight.t())
        else:
            y = torch.addmm(self.bias, rows, self.weight.t())
        return y.reshape(*x.shape[:-1], self.weight.shape[0])
