"""Masks that start full and have parts hidden, with sums and products for the logic."""

import torch


def causal_mask(Tq, Tk):
    ahead = torch.triu(torch.ones(Tq, Tk), diagonal=Tk - Tq + 1)
    return ahead == 0


def padding_mask(lengths, T):
    ends = torch.zeros(len(lengths), T + 1)
    ends[torch.arange(len(lengths)), lengths] = 1
    return (ends.cumsum(-1)[:, :T] == 0)[:, None, :]


def sliding_window(T, w):
    full = torch.full((T, T), True)
    return full.tril().triu(1 - w)


def prefix_lm(T, p):
    mask = causal_mask(T, T)
    mask[:p, :p] = True  # who stands behind the prefix sees it anyhow
    return mask


def document_mask(doc_ids):
    return (doc_ids.unsqueeze(-1) - doc_ids.unsqueeze(-2)).eq(0)


def combine(*masks):
    return sum(~mask for mask in masks) == 0 if len(masks) > 1 else masks[0].clone()
