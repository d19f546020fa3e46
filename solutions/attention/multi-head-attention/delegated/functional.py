"""torch's function as the core, between projections of our own."""

import torch
import torch.nn.functional as F
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, n_heads, bias=True, d_in=None):
        super().__init__()
        if d_model % n_heads:
            raise ValueError(f"{d_model} / {n_heads}")
        self.d, self.h = d_model, n_heads
        self.qkv = nn.Linear(d_model if d_in is None else d_in, 3 * d_model, bias)
        self.proj = nn.Linear(d_model, d_model, bias)

    def forward(self, x, kv=None, mask=None, return_weights=False):
        q, k, v = self.qkv(x).chunk(3, -1)
        if kv is not None:
            _, k, v = self.qkv(kv).chunk(3, -1)
        b, n, m, one = len(x), q.shape[1], k.shape[1], torch.eye(self.d, dtype=x.dtype)
        seen = torch.ones(n, m, dtype=torch.bool) if mask is None else mask
        seen = (seen[:, None] if seen.ndim == 3 else seen).expand(b, self.h, n, m)
        blind = ~seen.any(-1, keepdim=True)  # (b, h, n, 1): these may look, and are cleared below
        options = {"attn_mask": ~(seen | blind).reshape(-1, n, m), "average_attn_weights": False}
        zeros = torch.zeros(3 * self.d, dtype=x.dtype)
        out, weights = F.multi_head_attention_forward(
            *(t.transpose(0, 1) for t in (q, k, v)), self.d, self.h, None, zeros, None, None, False,
            0.0, one, None, use_separate_proj_weight=True, q_proj_weight=one, k_proj_weight=one,
            v_proj_weight=one, **options,
        )  # fmt: skip
        out = out.transpose(0, 1).unflatten(-1, (self.h, -1))
        out = out.masked_fill(blind.transpose(1, 2), 0.0).flatten(2)
        y = self.proj(out)
        return (y, weights.masked_fill(blind, 0.0)) if return_weights else y
