"""torch's own attention under the names of this exercise, for those who have not written it yet."""

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """The output (..., Tq, dv) and the weights (..., Tq, Tk); True in the mask keeps a key."""
    each_key = torch.eye(k.shape[-2], dtype=v.dtype).expand(*k.shape[:-1], k.shape[-2])
    out = scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return out, scaled_dot_product_attention(q, k, each_key, attn_mask=mask)


def score_std(d: int, n: int, scaled: bool, gen: torch.Generator) -> float:
    """The standard deviation of the scores of n random queries and n random keys."""
    scores = torch.randn(n, d, generator=gen) @ torch.randn(d, n, generator=gen)
    return scores.std().item() / (d**0.5 if scaled else 1.0)
