"""einsum, torch.where, and a row that sees nothing kept away from the softmax."""

import torch


def attention(q, k, v, mask=None):
    high = torch.float64 if q.dtype == torch.float64 else torch.float32
    scores = torch.einsum("...id,...jd->...ij", q.to(high), k.to(high)) * q.size(-1) ** -0.5
    if mask is None:
        weights = torch.softmax(scores, dim=-1)
    else:
        mask = mask.expand(scores.shape)
        sees = mask.any(dim=-1, keepdim=True)
        lonely = torch.where(sees, scores, torch.zeros((), dtype=high))
        weights = torch.softmax(torch.where(mask | ~sees, lonely, float("-inf")), dim=-1)
        weights = torch.where(sees, weights, torch.zeros((), dtype=high))
    weights = weights.to(v.dtype)
    return torch.einsum("...ij,...jd->...id", weights, v), weights


def score_std(d, n, scaled, gen):
    pairs = torch.randn(2, n, d, generator=gen, dtype=torch.float64)
    scores = pairs.prod(dim=0).sum(dim=-1)
    if scaled:
        scores = scores / d**0.5
    return scores.std()
