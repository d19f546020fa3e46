"""One wrapper for the way around a sublayer, used twice; the parts come from torch."""

from collections import OrderedDict

import torch.nn.functional as F
from torch import nn


def around(x, sublayer, norm, dropout, first):
    if first:
        return dropout(sublayer(norm(x))).add(x)
    return norm(dropout(sublayer(x)).add(x))


class SelfAttention(nn.Module):
    def __init__(self, d, heads, bias):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(d, 3 * d, bias), nn.Linear(d, d, bias)

    def forward(self, x, mask):
        B, T, d = x.size()
        q, k, v = self.qkv(x).split(d, dim=2)
        q, k, v = [t.view(B, T, self.heads, d // self.heads).transpose(1, 2) for t in (q, k, v)]
        if mask is not None and mask.dim() == 3:
            mask = mask.unsqueeze(1)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.proj(y.transpose(1, 2).contiguous().view(B, T, d))


class Block(nn.Module):
    def __init__(self, d, n_heads, d_ff, norm="pre", dropout=0.0, bias=True):
        super().__init__()
        self.first = {"pre": True, "post": False}.get(norm)
        if self.first is None:
            raise ValueError(norm)
        self.attn = SelfAttention(d, n_heads, bias)
        parts = {"fc": nn.Linear(d, d_ff, bias), "act": nn.GELU("tanh")}
        self.mlp = nn.Sequential(OrderedDict(parts, proj=nn.Linear(d_ff, d, bias)))
        self.ln1, self.ln2 = nn.LayerNorm(d, bias=bias), nn.LayerNorm(d, bias=bias)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x, mask=None):
        sublayers = [(self.ln1, lambda h: self.attn(h, mask)), (self.ln2, self.mlp)]
        for norm, sublayer in sublayers:
            x = around(x, sublayer, norm, self.dropout, self.first)
        return x
