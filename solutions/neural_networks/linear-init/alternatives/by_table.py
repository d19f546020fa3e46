"""One table of laws, numbers drawn with torch.rand and torch.randn and copied into place."""

import torch
from torch import nn


def gain(nonlinearity, a=0.01):
    table = {"relu": 2.0**0.5, "leaky_relu": (2.0 / (1.0 + a * a)) ** 0.5, "tanh": 5.0 / 3.0}
    try:
        return table[nonlinearity]
    except KeyError:
        raise ValueError("nonlinearity must be one of " + ", ".join(table)) from None


def _fill(w, law, std, generator):
    if law == "uniform":
        draws = (2 * torch.rand(w.shape, generator=generator, dtype=w.dtype) - 1) * 3**0.5
    else:
        draws = torch.randn(w.shape, generator=generator, dtype=w.dtype)
    if law == "truncated":
        for _ in range(20):
            more = torch.randn(w.shape, generator=generator, dtype=w.dtype)
            draws = torch.where(draws.abs() < 3, draws, more)
    w.detach().copy_(draws * std)


def xavier_uniform_(w, generator=None):
    _fill(w, "uniform", (2 / sum(w.shape)) ** 0.5, generator)


def xavier_normal_(w, generator=None):
    _fill(w, "normal", (2 / sum(w.shape)) ** 0.5, generator)


def kaiming_uniform_(w, mode="fan_in", a=0.0, generator=None):
    _fill(w, "uniform", gain("leaky_relu", a) * w.shape[mode == "fan_in"] ** -0.5, generator)


def kaiming_normal_(w, mode="fan_in", a=0.0, generator=None):
    _fill(w, "normal", gain("leaky_relu", a) * w.shape[mode == "fan_in"] ** -0.5, generator)


def trunc_normal_(w, std, generator=None):
    _fill(w, "truncated", std, generator)


class Linear(nn.Module):
    def __init__(self, d_in, d_out, bias=True, init="torch_default", generator=None):
        super().__init__()
        xavier = (2 / (d_in + d_out)) ** 0.5
        table = {
            "torch_default": ("uniform", (3 * d_in) ** -0.5),
            "xavier_uniform": ("uniform", xavier),
            "xavier_normal": ("normal", xavier),
            "kaiming_uniform": ("uniform", (2 / d_in) ** 0.5),
            "kaiming_normal": ("normal", (2 / d_in) ** 0.5),
            "trunc_normal": ("truncated", xavier),
            "gpt2": ("normal", 0.02),
        }
        if init not in table:
            raise ValueError(init)
        law, std = table[init]
        if bias:  # drawn before the weight: the order is free
            self.bias = nn.Parameter(torch.zeros(d_out))
            if init == "torch_default":
                _fill(self.bias, law, std, generator)
        else:
            self.register_parameter("bias", None)
        self.weight = nn.Parameter(torch.zeros(d_out, d_in))
        _fill(self.weight, law, std, generator)

    def forward(self, x):
        out = torch.einsum("...i,oi->...o", x, self.weight)
        if self.bias is not None:
            out = out + self.bias
        return out
