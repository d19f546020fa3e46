"""Position by position, as a generator reads: each keeps its keys and values for those to come."""

from dataclasses import dataclass

import torch
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


class Attention(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.shape = (cfg.n_head, cfg.d_model // cfg.n_head)
        self.qkv = nn.Linear(cfg.d_model, 3 * cfg.d_model, cfg.bias)
        self.proj = nn.Linear(cfg.d_model, cfg.d_model, cfg.bias)

    def forward(self, x, memory):
        """x (B, d); memory: the (key, value) pairs (B, H, size) of all positions so far."""
        q, *pair = (part.unflatten(-1, self.shape) for part in self.qkv(x).chunk(3, -1))
        memory.append(pair)
        keys, values = (torch.stack(those, dim=2) for those in zip(*memory, strict=True))
        scores = (keys * q.unsqueeze(2)).sum(-1) / self.shape[1] ** 0.5  # (B, H, so far)
        weights = torch.exp(scores - torch.logsumexp(scores, -1, keepdim=True))
        return self.proj((weights.unsqueeze(-1) * values).sum(2).flatten(1))


class FeedForward(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.proj = nn.Linear(4 * cfg.d_model, cfg.d_model, cfg.bias)
        self.fc = nn.Linear(cfg.d_model, 4 * cfg.d_model, cfg.bias)

    def forward(self, x):
        h = self.fc(x)
        inner = 1.5957691216057308 * (h + 0.044715 * h * h * h)  # 2 √(2 / π)
        return self.proj(h * torch.sigmoid(inner))  # (1 + tanh(z)) / 2 is sigmoid(2 z)


class Block(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.mlp, self.attn = FeedForward(cfg), Attention(cfg)
        self.ln1, self.ln2 = (nn.LayerNorm(cfg.d_model, bias=cfg.bias) for _ in range(2))
        self.drop = nn.Dropout(cfg.dropout)

    def forward(self, x, memory):
        x = x + self.drop(self.attn(self.ln1(x), memory))
        return x + self.drop(self.mlp(self.ln2(x)))


class GPT(nn.Module):
    def __init__(self, cfg: GPTConfig):
        super().__init__()
        self.cfg = cfg
        self.head = nn.Linear(cfg.d_model, cfg.vocab_size, bias=False)
        self.ln_f = nn.LayerNorm(cfg.d_model, bias=cfg.bias)
        self.blocks = nn.ModuleList([Block(cfg) for _ in range(cfg.n_layer)])
        self.drop = nn.Dropout(cfg.dropout)
        self.wpe = nn.Embedding(cfg.n_ctx, cfg.d_model)
        self.wte = nn.Embedding(cfg.vocab_size, cfg.d_model)
        if cfg.tie:
            self.head.weight = self.wte.weight

    def forward(self, idx):
        if idx.size(-1) > self.cfg.n_ctx:
            raise ValueError(f"the context holds {self.cfg.n_ctx} tokens")
        memories = [[] for _ in self.blocks]
        logits = []
        for position, column in enumerate(idx.unbind(1)):
            x = self.drop(self.wte(column) + self.wpe.weight[position])  # (B, d)
            for block, memory in zip(self.blocks, memories, strict=True):
                x = block(x, memory)
            logits.append(self.head(self.ln_f(x)))
        return torch.stack(logits, dim=1)
