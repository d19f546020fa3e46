"""One head after another, with its own rows of the weights, and a softmax of its own."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, n_heads, bias=True, d_in=None):
        super().__init__()
        if d_model // n_heads * n_heads != d_model:
            raise ValueError("n_heads must divide d_model")
        self.d, self.h = d_model, n_heads
        self.proj = nn.Linear(d_model, d_model, bias)
        self.qkv = nn.Linear(d_in or d_model, d_model * 3, bias)

    def part(self, x, which, head):
        size = self.d // self.h
        rows = slice(which * self.d + head * size, which * self.d + (head + 1) * size)
        bias = None if self.qkv.bias is None else self.qkv.bias[rows]
        return F.linear(x, self.qkv.weight[rows], bias)

    def forward(self, x, kv=None, mask=None, return_weights=False):
        kv = x if kv is None else kv
        outs, maps = [], []
        for head in range(self.h):
            q, k, v = self.part(x, 0, head), self.part(kv, 1, head), self.part(kv, 2, head)
            scores = torch.bmm(q, k.transpose(1, 2)) / math.sqrt(self.d // self.h)
            if mask is not None:
                seen = mask if mask.dim() < 4 else mask[:, min(head, mask.shape[1] - 1)]
                seen = seen.expand(scores.shape)
                scores = torch.where(seen, scores, torch.full_like(scores, -1e30))
                weights = scores.softmax(2) * seen
            else:
                weights = scores.softmax(2)
            maps.append(weights)
            outs.append(weights @ v)
        y = self.proj(torch.cat(outs, dim=2))
        if return_weights:
            return y, torch.stack(maps, dim=1)
        return y
