"""Each row is written to its end before the next begins, as a list of Python numbers."""

import bisect
import itertools
import math

import torch


def pick(logits, temperature, generator):
    top = max(logits)
    if not temperature:
        return logits.index(top)
    edges = [*itertools.accumulate(math.exp((z - top) / temperature) for z in logits)]
    at = torch.rand((), generator=generator).item() * edges[-1]
    return min(bisect.bisect(edges, at), len(logits) - 1)


def write(model, row, n, temperature, generator, eos):
    for _ in range(n):
        with torch.no_grad():
            logits = model(torch.tensor([row[-model.cfg.n_ctx :]]))[0, -1].tolist()
        row.append(pick(logits, temperature, generator))
        if eos is not None and row[-1] == eos:
            break
    return row


def generate(model, idx, n, temperature=1.0, generator=None, eos=None):
    before = model.training
    try:
        model.eval()
        rows = [write(model, row, n, temperature, generator, eos) for row in idx.tolist()]
    finally:
        model.train(before)
    length = idx.shape[1] + n
    return torch.tensor([row + [eos] * (length - len(row)) for row in rows])
