"""The causal mask from torch's own Transformer; the rest by hand."""

import torch
from torch import nn


def causal_mask(Tq, Tk):
    n = max(Tq, Tk)
    mask = nn.Transformer.generate_square_subsequent_mask(n)
    return mask[n - Tq :, n - Tk :] == 0


def padding_mask(lengths, T):
    return torch.arange(T)[None, None] < lengths[:, None, None]


def sliding_window(T, w):
    return causal_mask(T, T).triu(1 - w)


def prefix_lm(T, p):
    return causal_mask(T, T) | (torch.arange(T) < p)


def document_mask(doc_ids):
    return doc_ids[..., None] == doc_ids[..., None, :]


def combine(*masks):
    mask, *others = masks
    for other in others:
        mask = mask & other
    return mask
