"""Bare parameters, matrix products, and both forms of GELU written out."""

import math

import torch
from torch import nn


def with_tanh(x):
    return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))


def with_erf(x):
    return x * (1 + torch.erf(x / math.sqrt(2))) / 2


class Affine(nn.Module):
    def __init__(self, n_in, n_out, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(n_out, n_in) / n_in**0.5)
        if bias:
            self.bias = nn.Parameter(torch.zeros(n_out))
        else:
            self.register_parameter("bias", None)

    def forward(self, x):
        y = x @ self.weight.t()
        return y if self.bias is None else y + self.bias


class FeedForward(nn.Module):
    def __init__(self, d, d_ff=None, activation="gelu_tanh", bias=True):
        super().__init__()
        forms = {"gelu_tanh": with_tanh, "gelu": with_erf}
        if activation not in forms:
            raise ValueError(f"{activation} is none of {', '.join(forms)}")
        self.activation = forms[activation]
        self.proj = Affine(d_ff or 4 * d, d, bias)
        self.fc = Affine(d, d_ff or 4 * d, bias)

    def forward(self, x):
        return self.proj(self.activation(self.fc(x)))
