"""Positions of queries and keys side by side, and one comparison for each rule."""

import torch
from torch import Tensor, arange, stack, where


def places(n, first=0):
    return arange(first, first + n).view(-1, 1)


def causal_mask(Tq: int, Tk: int) -> Tensor:
    return places(Tq, Tk - Tq).ge(places(Tk).mT)


def padding_mask(lengths: Tensor, T: int) -> Tensor:
    return lengths.reshape(-1, 1, 1).gt(places(T).mT)


def sliding_window(T: int, w: int) -> Tensor:
    back = places(T) - places(T).mT
    return where(back < 0, w, back) < w


def prefix_lm(T: int, p: int) -> Tensor:
    return where(places(T) < p, places(T).mT < p, causal_mask(T, T))


def document_mask(doc_ids: Tensor) -> Tensor:
    _, ids = torch.unique(doc_ids, return_inverse=True)
    one_hot = torch.nn.functional.one_hot(ids)
    return one_hot @ one_hot.mT > 0


def combine(*masks: Tensor) -> Tensor:
    return stack(torch.broadcast_tensors(*masks)).amin(0)
