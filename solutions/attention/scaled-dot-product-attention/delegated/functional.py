"""The library's operator twice: on the values, and on one-hot values, which give the weights."""

import math

import torch
import torch.nn.functional as F


def attention(q, k, v, mask=None):
    out = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    one_hot = torch.eye(k.size(-2), dtype=v.dtype).expand(*k.shape[:-2], -1, -1)
    return out, F.scaled_dot_product_attention(q, k, one_hot, attn_mask=mask)


def score_std(d, n, scaled, gen):
    x = torch.randn(n, d, generator=gen)
    y = torch.randn(n, d, generator=gen)
    return (x @ y.T).std().item() / (math.sqrt(d) if scaled else 1.0)
