"""torch.nn.functional.layer_norm forwards; autograd backwards."""

import torch
import torch.nn.functional as F
from torch import nn


class LayerNorm(nn.Module):
    def __init__(self, d, eps=1e-5, bias=True):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(d))
        self.bias = nn.Parameter(torch.zeros(d)) if bias else None

    def forward(self, x):
        return F.layer_norm(x, x.shape[-1:], self.weight, self.bias, self.eps)


def layer_norm_backward(dy, x, g, eps):
    with torch.enable_grad():
        x, g = x.detach().requires_grad_(), g.detach().requires_grad_()
        b = torch.zeros_like(g).requires_grad_()
        y = F.layer_norm(x, x.shape[-1:], g, b, eps)
    return torch.autograd.grad(y, (x, g, b), dy)
