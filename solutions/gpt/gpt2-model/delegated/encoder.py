"""torch's encoder layers for the blocks, whose parameters are reached under our names."""

from dataclasses import dataclass

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


def gelu_tanh(x):
    return F.gelu(x, approximate="tanh")


class Block(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        layer = nn.TransformerEncoderLayer(
            cfg.d_model, cfg.n_head, 4 * cfg.d_model, cfg.dropout, gelu_tanh,
            batch_first=True, norm_first=True, bias=cfg.bias,
        )  # fmt: skip
        self.layer = [layer]  # in a list: not under torch's names too
        self.ln1, self.ln2 = layer.norm1, layer.norm2
        self.attn, self.mlp = nn.Module(), nn.Module()
        self.attn.qkv, self.attn.proj = nn.Module(), layer.self_attn.out_proj
        self.attn.qkv.weight = layer.self_attn.in_proj_weight
        self.attn.qkv.bias = layer.self_attn.in_proj_bias
        self.mlp.fc, self.mlp.proj = layer.linear1, layer.linear2

    def forward(self, x, mask):
        return self.layer[0].train(self.training)(x, src_mask=mask, is_causal=True)


class GPT(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.cfg, d = cfg, cfg.d_model
        self.wte, self.wpe = nn.Embedding(cfg.vocab_size, d), nn.Embedding(cfg.n_ctx, d)
        self.blocks = nn.ModuleList(Block(cfg) for _ in range(cfg.n_layer))
        self.ln_f = nn.LayerNorm(d, bias=cfg.bias)
        self.head = nn.Linear(d, cfg.vocab_size, bias=False)
        if cfg.tie:
            self.head.weight = self.wte.weight
        self.drop = nn.Dropout(cfg.dropout)

    def forward(self, idx):
        T = idx.shape[1]
        if self.cfg.n_ctx < T:
            raise ValueError(f"{T} tokens")
        x = self.drop(self.wte(idx) + self.wpe.weight[:T])
        mask = torch.ones(T, T, dtype=torch.bool).triu(1)
        for block in self.blocks:
            x = block(x, mask)
        return self.head(self.ln_f(x))
