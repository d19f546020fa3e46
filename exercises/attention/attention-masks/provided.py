"""Masks put together from the library's parts, for those who have not written their own yet."""

import torch
from torch import Tensor, nn


def causal_mask(Tq: int, Tk: int) -> Tensor:
    """A mask (Tq, Tk): the last query stands at the last key, and none looks ahead."""
    n = max(Tq, Tk)
    return nn.Transformer.generate_square_subsequent_mask(n)[n - Tq :, n - Tk :].isfinite()


def padding_mask(lengths: Tensor, T: int) -> Tensor:
    """A mask (B, 1, T): row b has lengths[b] real tokens."""
    rows = [torch.ones(n) for n in [*lengths.tolist(), T]]
    return nn.utils.rnn.pad_sequence(rows, batch_first=True)[:-1, None].bool()


def sliding_window(T: int, w: int) -> Tensor:
    """A mask (T, T): every query sees the last w keys, itself included."""
    return torch.stack([torch.ones(T - k).diag(-k) for k in range(min(T, w))]).sum(0).bool()


def prefix_lm(T: int, p: int) -> Tensor:
    """A mask (T, T): all see the first p keys; beyond them none looks ahead."""
    return causal_mask(T, T).index_fill(1, torch.arange(p), True)


def document_mask(doc_ids: Tensor) -> Tensor:
    """A mask (T, T) or (B, T, T): equal ids see each other."""
    ids = doc_ids.double().unsqueeze(-1)
    return torch.cdist(ids, ids, compute_mode="donot_use_mm_for_euclid_dist").eq(0)


def combine(*masks: Tensor) -> Tensor:
    """A key is kept if all masks keep it."""
    return torch.stack(torch.broadcast_tensors(*masks)).all(0)
