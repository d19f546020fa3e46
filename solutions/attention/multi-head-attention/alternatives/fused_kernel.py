"""torch's attention for the output; the weights are only worked out when they are asked for."""

import torch
import torch.nn.functional as F
from torch import nn


class MultiHeadAttention(nn.Module):
    def __init__(self, d_model: int, n_heads: int, bias: bool = True, d_in: int | None = None):
        super().__init__()
        self.n_heads, (self.d_head, rest) = n_heads, divmod(d_model, n_heads)
        if rest:
            raise ValueError(f"{rest} of {d_model} are left over")
        self.qkv = nn.Linear(d_in if d_in is not None else d_model, 3 * d_model, bias=bias)
        self.proj = nn.Linear(d_model, d_model, bias=bias)

    def split(self, t):
        b, n, _ = t.shape
        return t.view(b, n, -1, self.n_heads, self.d_head).permute(2, 0, 3, 1, 4)

    def forward(self, x, kv=None, mask=None, return_weights=False):
        d = self.n_heads * self.d_head
        q = self.split(self.qkv(x)[..., :d])[0]
        k, v = self.split(self.qkv(x if kv is None else kv)[..., d:])
        b, h, n, m = *q.shape[:3], k.shape[2]
        if mask is not None:
            lead = {2: (1, 1), 3: (-1, 1), 4: mask.shape[:2]}[mask.ndim]
            mask = mask.reshape(*lead, *mask.shape[-2:]).expand(b, h, n, m)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        y = self.proj(y.permute(0, 2, 1, 3).reshape(b, n, d))
        if not return_weights:
            return y
        scores = q @ k.transpose(-1, -2) / self.d_head**0.5
        if mask is None:
            return y, torch.softmax(scores, dim=-1)
        log_total = scores.masked_fill(~mask, -1e300 if q.dtype == torch.float64 else -1e38)
        log_total = torch.logsumexp(log_total, -1, keepdim=True)
        return y, (scores - log_total).masked_fill(~mask, -torch.inf).exp()
