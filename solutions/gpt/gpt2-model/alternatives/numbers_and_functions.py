"""Modules that only hold numbers, and a forward pass made of functions over them."""

from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from torch import nn


@dataclass
class GPTConfig:
    vocab_size: int = 50257
    n_ctx: int = 1024
    n_layer: int = 12
    n_head: int = 12
    d_model: int = 768
    dropout: float = 0.0
    bias: bool = True
    tie: bool = True


def holder(shape, bias=True, like=torch.randn):
    """A module with a weight of this shape, and a bias or None."""
    made = nn.Module()
    made.weight = nn.Parameter(0.1 * like(shape))
    made.register_parameter("bias", nn.Parameter(torch.zeros(shape[0])) if bias else None)
    return made


def tree(**children):
    made = nn.Module()
    for name, child in children.items():
        made.add_module(name, child)
    return made


def block_of(d, bias):
    attn = tree(qkv=holder((3 * d, d), bias), proj=holder((d, d), bias))
    mlp = tree(fc=holder((4 * d, d), bias), proj=holder((d, 4 * d), bias))
    norms = [holder((d,), bias, torch.ones) for _ in range(2)]
    return tree(ln1=norms[0], attn=attn, ln2=norms[1], mlp=mlp)


def affine(part, x):
    return torch.einsum("...i,oi->...o", x, part.weight) + (0 if part.bias is None else part.bias)


def standard(part, x, eps=1e-5):
    variance, mean = torch.var_mean(x, dim=-1, unbiased=False, keepdim=True)
    x = (x - mean) * torch.rsqrt(variance + eps) * part.weight
    return x if part.bias is None else x + part.bias


def attend(part, x, heads):
    b, t, d = x.shape
    q, k, v = affine(part.qkv, x).reshape(b, t, 3, heads, d // heads).permute(2, 0, 3, 1, 4)
    scores = torch.einsum("bhqe,bhke->bhqk", q, k) / (d // heads) ** 0.5
    position = torch.arange(t)
    scores = torch.where(position[:, None] >= position, scores, -torch.inf)
    mixed = torch.einsum("bhqk,bhke->bqhe", scores.softmax(-1), v)
    return affine(part.proj, mixed.reshape(b, t, d))


class GPT(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        d = cfg.d_model
        self.cfg = GPTConfig(**{field.name: getattr(cfg, field.name) for field in fields(cfg)})
        self.head = holder((cfg.vocab_size, d), bias=False)
        self.wte = holder((cfg.vocab_size, d), bias=False)
        self.wpe = holder((cfg.n_ctx, d), bias=False)
        if cfg.tie:
            self.head.weight = self.wte.weight
        self.ln_f = holder((d,), cfg.bias, torch.ones)
        self.blocks = nn.ModuleList()
        while len(self.blocks) < cfg.n_layer:
            self.blocks.append(block_of(d, cfg.bias))

    def forward(self, idx):
        n = idx.size(1)
        if not n <= self.cfg.n_ctx:
            raise ValueError("too many tokens")
        rate, on = self.cfg.dropout, self.training
        x = self.wte.weight.index_select(0, idx.reshape(-1)).view(*idx.shape, -1)
        x = F.dropout(x + self.wpe.weight[:n], rate, on)
        for block in self.blocks:
            seen = attend(block.attn, standard(block.ln1, x), self.cfg.n_head)
            x = x + F.dropout(seen, rate, on)
            hidden = F.gelu(affine(block.mlp.fc, standard(block.ln2, x)), approximate="tanh")
            x = x + F.dropout(affine(block.mlp.proj, hidden), rate, on)
        return torch.einsum("btd,vd->btv", standard(self.ln_f, x), self.head.weight)
