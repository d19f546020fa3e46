"""One query after another, with logsumexp over the keys that it sees."""

import math
from itertools import product

import torch


def attention(q, k, v, mask=None):
    lead, (tq, d), tk = q.shape[:-2], q.shape[-2:], k.shape[-2]
    if mask is not None:
        mask = torch.broadcast_to(mask, (*lead, tq, tk))
    rows = []
    for place in product(*map(range, lead), range(tq)):
        keys = k[place[:-1]]
        row = torch.zeros(tk, dtype=q.dtype)
        seen = torch.arange(tk) if mask is None else mask[place].nonzero().flatten()
        if len(seen):
            scores = (keys[seen] @ q[place]).to(torch.promote_types(q.dtype, torch.float32))
            scores = scores / math.sqrt(d)
            shares = (scores - scores.logsumexp(0)).exp()
            row = row.index_copy(0, seen, shares.to(q.dtype))
        rows.append(row)
    weights = torch.stack(rows).reshape(*lead, tq, tk)
    return torch.matmul(weights, v), weights


def score_std(d, n, scaled, gen):
    q = torch.normal(0.0, 1.0, (n, d), generator=gen)
    k = torch.normal(0.0, d**-0.5 if scaled else 1.0, (n, d), generator=gen)
    return float((q * k).sum(1).std(unbiased=False))
