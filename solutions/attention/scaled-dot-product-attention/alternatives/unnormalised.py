"""Exponentials and their total kept apart until the end, as in FlashAttention."""

import torch


def attention(q, k, v, mask=None):
    q32, k32, v32 = (x if x.dtype == torch.float64 else x.float() for x in (q, k, v))
    scores = (q32 / q.shape[-1] ** 0.5) @ k32.transpose(-2, -1)
    seen = torch.ones_like(scores) if mask is None else mask.to(scores.dtype).expand_as(scores)
    top = (scores * seen - 1e30 * (1 - seen)).amax(-1, keepdim=True).detach()
    mass = torch.exp(torch.where(seen > 0, scores - top, torch.zeros_like(scores))) * seen
    total = mass.sum(-1, keepdim=True)
    total = total + (total == 0)
    return ((mass @ v32) / total).to(q.dtype), mass / total


def score_std(d, n, scaled, gen):
    draws = [torch.randn(d, generator=gen) for _ in range(2 * n)]
    scores = torch.stack([a.dot(b) for a, b in zip(draws[:n], draws[n:], strict=True)])
    spread = (scores - scores.mean()).square().mean().sqrt().item()
    return spread / d**0.5 if scaled else spread
