"""GPT-2 from torch's own layers, for those who have not put it together yet."""

from collections import OrderedDict
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


@dataclass
class GPTConfig:
    """The sizes of a GPT; without arguments those of the smallest GPT-2."""

    vocab_size: int = 50257
    n_ctx: int = 1024
    n_layer: int = 12
    n_head: int = 12
    d_model: int = 768
    dropout: float = 0.0
    bias: bool = True
    tie: bool = True


class _Attention(nn.Module):
    """Causal attention, with the parameters of qkv and proj."""

    def __init__(self, cfg: GPTConfig) -> None:
        super().__init__()
        self.n_heads = cfg.n_head
        self.qkv = nn.Linear(cfg.d_model, 3 * cfg.d_model, bias=cfg.bias)
        self.proj = nn.Linear(cfg.d_model, cfg.d_model, bias=cfg.bias)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, d) to (B, T, d)."""
        cut = self.qkv(x).unflatten(-1, (3, self.n_heads, -1))  # (B, T, 3, H, d / H)
        q, k, v = cut.permute(2, 0, 3, 1, 4)  # (B, H, T, d / H) each
        heads = scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(heads.transpose(1, 2).flatten(2))


class _Block(nn.Module):
    """A pre-norm block, with the parameters of ln1, attn, ln2 and mlp."""

    def __init__(self, cfg: GPTConfig) -> None:
        super().__init__()
        d, bias = cfg.d_model, cfg.bias
        self.ln1 = nn.LayerNorm(d, bias=bias)
        self.attn = _Attention(cfg)
        self.ln2 = nn.LayerNorm(d, bias=bias)
        layers = [
            ("fc", nn.Linear(d, 4 * d, bias=bias)),
            ("activation", nn.GELU(approximate="tanh")),
            ("proj", nn.Linear(4 * d, d, bias=bias)),
        ]
        self.mlp = nn.Sequential(OrderedDict(layers))
        self.drop = nn.Dropout(cfg.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, d) to (B, T, d)."""
        x = x + self.drop(self.attn(self.ln1(x)))
        return x + self.drop(self.mlp(self.ln2(x)))


class GPT(nn.Module):
    """The model, with the parameters of wte, wpe, blocks, ln_f and head."""

    def __init__(self, cfg: GPTConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.wte = nn.Embedding(cfg.vocab_size, cfg.d_model)
        self.wpe = nn.Embedding(cfg.n_ctx, cfg.d_model)
        self.blocks = nn.ModuleList(_Block(cfg) for _ in range(cfg.n_layer))
        self.ln_f = nn.LayerNorm(cfg.d_model, bias=cfg.bias)
        self.head = nn.Linear(cfg.d_model, cfg.vocab_size, bias=False)
        self.drop = nn.Dropout(cfg.dropout)
        if cfg.tie:
            self.wte.weight = self.head.weight

    def forward(self, idx: Tensor) -> Tensor:
        """The logits (B, T, vocab_size) for idx (B, T); ValueError if T > n_ctx."""
        n_tokens = idx.shape[-1]
        if n_tokens > self.cfg.n_ctx:
            raise ValueError(f"{n_tokens} tokens are more than n_ctx = {self.cfg.n_ctx}")
        x = self.drop(self.wte(idx) + self.wpe(torch.arange(n_tokens)))
        for block in self.blocks:
            x = block(x)
        return self.head(self.ln_f(x))
