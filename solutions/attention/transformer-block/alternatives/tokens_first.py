"""Tokens before the batch, torch's multi-head function, and a method for each of the two orders."""

import torch
import torch.nn.functional as F
from torch import nn


class Part(nn.Module):
    def __init__(self, d, hidden, out, bias):
        super().__init__()
        first = "qkv" if out else "fc"
        self.add_module(first, nn.Linear(d, hidden, bias=bias))
        self.proj = nn.Linear(out or hidden, d, bias=bias)


class Block(nn.Module):
    def __init__(self, d, n_heads, d_ff, norm="pre", dropout=0.0, bias=True):
        super().__init__()
        orders = {"pre": self.before, "post": self.behind}
        if norm not in orders:
            raise ValueError(f"norm must be one of {sorted(orders)}")
        self.run = orders[norm]
        self.d, self.heads, self.rate = d, n_heads, dropout
        self.ln1 = nn.LayerNorm(d, eps=1e-5, bias=bias)
        self.attn = Part(d, 3 * d, d, bias)
        self.ln2 = nn.LayerNorm(d, eps=1e-5, bias=bias)
        self.mlp = Part(d, d_ff, None, bias)

    def from_attention(self, x, mask):
        T, B, _ = x.shape
        if mask is not None:
            mask = mask.unsqueeze(1) if mask.ndim == 3 else mask
            mask = torch.logical_not(mask).expand(B, self.heads, T, T).reshape(-1, T, T)
        qkv, proj = self.attn.qkv, self.attn.proj
        y, _ = F.multi_head_attention_forward(
            x, x, x, self.d, self.heads, qkv.weight, qkv.bias, None, None, False, 0.0, proj.weight,
            proj.bias, need_weights=False, attn_mask=mask,
        )  # fmt: skip
        return F.dropout(y, self.rate, self.training)

    def from_mlp(self, x):
        y = self.mlp.proj(F.gelu(self.mlp.fc(x), approximate="tanh"))
        return F.dropout(y, self.rate, self.training)

    def before(self, x, mask):
        middle = x + self.from_attention(self.ln1(x), mask)
        return middle + self.from_mlp(self.ln2(middle))

    def behind(self, x, mask):
        middle = self.ln1(x + self.from_attention(x, mask))
        return self.ln2(middle + self.from_mlp(middle))

    def forward(self, x, mask=None):
        return self.run(x.transpose(0, 1), mask).transpose(0, 1)
