"""Laws by hand, but the product by torch.nn.functional.linear."""

import math

import torch
import torch.nn.functional as F
from torch import nn


def gain(nonlinearity, a=0.01):
    known = {"relu": math.sqrt(2), "tanh": 5 / 3, "leaky_relu": math.sqrt(2 / (1 + a**2))}
    if nonlinearity not in known:
        raise ValueError(nonlinearity)
    return known[nonlinearity]


@torch.no_grad()
def xavier_uniform_(w, generator=None):
    bound = math.sqrt(6 / sum(w.shape))
    return w.uniform_(-bound, bound, generator=generator)


@torch.no_grad()
def xavier_normal_(w, generator=None):
    return w.normal_(0, math.sqrt(2 / sum(w.shape)), generator=generator)


def _std(w, mode, a):
    return gain("leaky_relu", a) / math.sqrt(w.shape[1] if mode == "fan_in" else w.shape[0])


@torch.no_grad()
def kaiming_uniform_(w, mode="fan_in", a=0.0, generator=None):
    bound = math.sqrt(3) * _std(w, mode, a)
    return w.uniform_(-bound, bound, generator=generator)


@torch.no_grad()
def kaiming_normal_(w, mode="fan_in", a=0.0, generator=None):
    return w.normal_(0, _std(w, mode, a), generator=generator)


@torch.no_grad()
def trunc_normal_(w, std, generator=None):
    w.normal_(0, std, generator=generator)
    while bool((beyond := w.abs() > 3 * std).any()):
        w.copy_(torch.where(beyond, torch.empty_like(w).normal_(0, std, generator=generator), w))
    return w


class Linear(nn.Module):
    def __init__(self, d_in, d_out, bias=True, init="torch_default", generator=None):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(d_out, d_in))
        self.bias = nn.Parameter(torch.zeros(d_out)) if bias else None
        if init == "torch_default":
            with torch.no_grad():
                for parameter in self.parameters():
                    parameter.uniform_(-(d_in**-0.5), d_in**-0.5, generator=generator)
        elif init == "gpt2":
            with torch.no_grad():
                self.weight.normal_(0, 0.02, generator=generator)
        elif init == "trunc_normal":
            trunc_normal_(self.weight, math.sqrt(2 / (d_in + d_out)), generator)
        elif init == "xavier_uniform":
            xavier_uniform_(self.weight, generator)
        elif init == "xavier_normal":
            xavier_normal_(self.weight, generator)
        elif init == "kaiming_uniform":
            kaiming_uniform_(self.weight, generator=generator)
        elif init == "kaiming_normal":
            kaiming_normal_(self.weight, generator=generator)
        else:
            raise ValueError(init)

    def forward(self, x):
        return F.linear(x, self.weight, self.bias)
