"""torch.var_mean forwards; backwards in einsum, over all vectors as rows of one matrix."""

import torch
from torch import nn


class LayerNorm(nn.Module):
    def __init__(self, d, eps=1e-5, bias=True):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.full((d,), 1.0))
        self.register_parameter("bias", nn.Parameter(torch.zeros(d)) if bias else None)

    def forward(self, x):
        var, mean = torch.var_mean(x, dim=-1, correction=0, keepdim=True)
        y = self.weight * ((x - mean) / torch.sqrt(var + self.eps))
        if self.bias is not None:
            y = y + self.bias
        return y


def layer_norm_backward(dy, x, g, eps):
    d = x.shape[-1]
    rows, dys = x.reshape(-1, d), dy.reshape(-1, d)
    var, mean = torch.var_mean(rows, dim=-1, correction=0, keepdim=True)
    std = torch.sqrt(var + eps)
    xhat = (rows - mean) / std
    dg = torch.einsum("nd,nd->d", dys, xhat)
    db = torch.einsum("nd->d", dys)
    dxhat = torch.einsum("nd,d->nd", dys, g)
    along = torch.einsum("nd,nd->n", dxhat, xhat)[:, None]
    total = torch.einsum("nd->n", dxhat)[:, None]
    dx = (d * dxhat - total - xhat * along) / (d * std)
    return dx.reshape(x.shape), dg, db
