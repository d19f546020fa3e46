"""Bare parameters in two small holders, einsum for every product, and exponentials by hand."""

import torch
from torch import einsum, nn


class Holder(nn.Module):
    def __init__(self, n_out, n_in, bias):
        super().__init__()
        bound = n_in**-0.5
        self.weight = nn.Parameter(torch.empty(n_out, n_in).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(n_out)) if bias else None


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, n_heads, bias=True, d_in=None):
        super().__init__()
        if d_model % n_heads != 0:
            raise ValueError(f"d_model = {d_model} is no multiple of n_heads = {n_heads}")
        self.heads, self.size = n_heads, d_model // n_heads
        self.qkv = Holder(3 * d_model, d_model if d_in is None else d_in, bias)
        self.proj = Holder(d_model, d_model, bias)

    def projected(self, x, which):
        weight = self.qkv.weight.view(3, self.heads, self.size, -1)[which]
        out = einsum("btd,hed->bhte", x, weight)
        if self.qkv.bias is not None:
            out = out + self.qkv.bias.view(3, self.heads, 1, self.size)[which]
        return out

    def forward(self, x, kv=None, mask=None, return_weights=False):
        source = kv if kv is not None else x
        q, k, v = self.projected(x, 0), self.projected(source, 1), self.projected(source, 2)
        scores = einsum("bhqe,bhke->bhqk", q, k) * self.size**-0.5
        exps = (scores - scores.detach().amax(-1, keepdim=True)).exp()
        if mask is not None:
            exps = exps * (mask.unsqueeze(-3) if mask.ndim == 3 else mask)
        total = exps.sum(-1, keepdim=True)
        weights = exps / total.where(total > 0, 1)
        out_weight = self.proj.weight.view(-1, self.heads, self.size)
        y = einsum("bhqk,bhke,ohe->bqo", weights, v, out_weight)
        if self.proj.bias is not None:
            y = y + self.proj.bias
        return (y, weights) if return_weights else y
