"""Parameters in bare holders, and the whole block written out as formulas on the last axes."""

import math

import torch
from torch import nn


class Numbers(nn.Module):
    def __init__(self, *shape, bias):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(*shape) / math.sqrt(shape[-1]))
        self.bias = nn.Parameter(torch.zeros(shape[0])) if bias else None


def affine(part, x):
    y = x @ part.weight.T
    return y if part.bias is None else y + part.bias


def normed(part, x):
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(-1, keepdim=True)
    y = (x - mean) / torch.sqrt(variance + 1e-5) * part.weight
    return y if part.bias is None else y + part.bias


class Block(nn.Module):
    def __init__(self, d, n_heads, d_ff, norm="pre", dropout=0.0, bias=True):
        super().__init__()
        if norm != "pre" and norm != "post":
            raise ValueError("norm is 'pre' or 'post'")
        self.heads, self.pre, self.p = n_heads, norm == "pre", dropout
        self.ln1, self.ln2 = Numbers(d, bias=bias), Numbers(d, bias=bias)
        self.attn, self.mlp = nn.Module(), nn.Module()
        self.attn.qkv, self.attn.proj = Numbers(3 * d, d, bias=bias), Numbers(d, d, bias=bias)
        self.mlp.fc, self.mlp.proj = Numbers(d_ff, d, bias=bias), Numbers(d, d_ff, bias=bias)

    def thinned(self, x):
        if not self.training or self.p == 0:
            return x
        return x * (torch.rand_like(x) >= self.p) / (1 - self.p)

    def looked(self, x, mask):
        B, T, d = x.shape
        q, k, v = affine(self.attn.qkv, x).view(B, T, 3, self.heads, -1).unbind(2)
        scores = torch.einsum("bqhe,bkhe->bhqk", q, k) / math.sqrt(d // self.heads)
        if mask is not None:
            scores = scores.masked_fill(~(mask[:, None] if mask.ndim == 3 else mask), -torch.inf)
        out = torch.einsum("bhqk,bkhe->bqhe", torch.softmax(scores, -1), v)
        return self.thinned(affine(self.attn.proj, out.reshape(B, T, d)))

    def thought(self, x):
        h = affine(self.mlp.fc, x)
        h = 0.5 * h * (1 + torch.tanh(math.sqrt(2 / math.pi) * (h + 0.044715 * h**3)))
        return self.thinned(affine(self.mlp.proj, h))

    def forward(self, x, mask=None):
        if self.pre:
            x = x + self.looked(normed(self.ln1, x), mask)
            return x + self.thought(normed(self.ln2, x))
        x = normed(self.ln1, x + self.looked(x, mask))
        return normed(self.ln2, x + self.thought(x))
