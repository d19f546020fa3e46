"""Batches from NumPy's windows, and torch's own loss, for those who have not written them yet."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F


def get_batch(
    data: np.ndarray, batch: int, T: int, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """x and y (batch, T) from random places of data; ValueError below T + 1 tokens."""
    if len(data) < T + 1:
        raise ValueError(f"{len(data)} tokens are too few for a row of {T} and its last target")
    windows = np.lib.stride_tricks.sliding_window_view(data, T + 1)
    picked = torch.randint(len(windows), (batch,), generator=generator).numpy()
    rows = torch.from_numpy(windows[picked].astype(np.int64))
    return rows[:, :-1].contiguous(), rows[:, 1:].contiguous()


def iter_eval_windows(data: np.ndarray, T: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Pairs x, y of T tokens, the last of what is left, with every target once."""
    ids = torch.from_numpy(np.array(data, dtype=np.int64))
    return zip(ids[:-1].split(T), ids[1:].split(T), strict=True)


def lm_loss(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    """The mean loss of logits (B, T, V) for targets (B, T)."""
    return F.cross_entropy(logits.movedim(-1, 1), targets, ignore_index=ignore_index)


def hf_style_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """The same for labels that are not shifted yet."""
    return lm_loss(logits[:, :-1], labels[:, 1:])
