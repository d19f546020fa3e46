"""Attention masks: which keys a query may see. True keeps; rows are queries, columns keys."""

import functools

import torch
from torch import Tensor


def causal_mask(Tq: int, Tk: int) -> Tensor:
    """Query i stands at key i + (Tk - Tq): with a cache, the new queries are the last positions."""
    return torch.ones(Tq, Tk, dtype=torch.bool).tril(Tk - Tq)


def padding_mask(lengths: Tensor, T: int) -> Tensor:
    """Of row b the first lengths[b] keys are kept. The axis of size 1 stands for all queries."""
    return torch.arange(T) < lengths[:, None, None]  # (B, 1, T)


def sliding_window(T: int, w: int) -> Tensor:
    """The w keys up to the query's own."""
    back = torch.arange(T)[:, None] - torch.arange(T)  # (T, T): how far back the key lies
    return (back >= 0) & (back < w)


def prefix_lm(T: int, p: int) -> Tensor:
    """The prefix for all, and what lies behind a query."""
    return causal_mask(T, T) | (torch.arange(T) < p)


def document_mask(doc_ids: Tensor) -> Tensor:
    """Every id against every id of the same row."""
    return doc_ids[..., :, None] == doc_ids[..., None, :]  # (..., T, T)


def combine(*masks: Tensor) -> Tensor:
    """AND over all: whoever hides a key hides it."""
    return functools.reduce(torch.logical_and, masks)
