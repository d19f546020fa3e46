"""GPT-2: two tables of vectors, a stack of blocks, a last norm, and a score for every token."""

from dataclasses import dataclass

import torch
from attention.attention_masks import causal_mask
from attention.transformer_block import Block
from neural_networks.embedding_layer import Embedding
from neural_networks.layernorm import LayerNorm
from neural_networks.linear_init import Linear
from torch import Tensor, nn


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


class GPT(nn.Module):
    """GPT-2 (Radford et al. 2019, section 2.3)."""

    def __init__(self, cfg: GPTConfig) -> None:
        super().__init__()
        self.cfg = cfg
        d, options = cfg.d_model, {"dropout": cfg.dropout, "bias": cfg.bias}
        self.wte = Embedding(cfg.vocab_size, d)
        self.wpe = Embedding(cfg.n_ctx, d)
        self.drop = nn.Dropout(cfg.dropout)
        self.blocks = nn.ModuleList(
            Block(d, cfg.n_head, 4 * d, **options) for _ in range(cfg.n_layer)
        )
        self.ln_f = LayerNorm(d, bias=cfg.bias)  # the sum of all blocks was never normalised
        self.head = Linear(d, cfg.vocab_size, bias=False)
        if cfg.tie:
            self.wte.weight = self.head.weight

    def forward(self, idx: Tensor) -> Tensor:
        """The logits for every position at once; the mask is made once, for all blocks."""
        T = idx.shape[1]
        if self.cfg.n_ctx < T:
            raise ValueError(f"{T} tokens are more than n_ctx = {self.cfg.n_ctx}")
        x = self.wte(idx) + self.wpe(torch.arange(T))  # (B, T, d): (T, d) is the same for all rows
        x, mask = self.drop(x), causal_mask(T, T)
        for block in self.blocks:
            x = block(x, mask)  # (B, T, d)
        return self.head(self.ln_f(x))  # (B, T, V)
