"""Next-token batches: what a language model reads, what it should say next, how wrong it was."""

from collections.abc import Iterator

import numpy as np
import torch
from neural_networks.cross_entropy_loss import cross_entropy
from torch import Tensor


def get_batch(
    data: np.ndarray, batch: int, T: int, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """x and y (batch, T). Indexing reads these tokens only, so that data may stay on the disk."""
    places = len(data) - T  # the last target needs a token too
    if places < 1:
        raise ValueError(f"{len(data)} tokens are too few: a row needs {T} and one more")
    starts = torch.randint(places, (batch, 1), generator=generator).numpy()
    rows = data[starts + np.arange(T + 1)]  # (batch, T + 1)
    rows = torch.from_numpy(rows.astype(np.int64))  # embeddings want int64, files have uint16
    return rows[:, :-1], rows[:, 1:]


def iter_eval_windows(data: np.ndarray, T: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Neighbours share a token: the last target of one is what the next reads first."""
    for start in range(0, len(data) - 1, T):
        row = torch.from_numpy(data[start : start + T + 1].astype(np.int64))  # (t + 1,)
        yield row[:-1], row[1:]


def lm_loss(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    """For the loss, B x T predictions are as good as one long list of them."""
    return cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=ignore_index)


def hf_style_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """The logits at t are for the label at t + 1."""
    return lm_loss(logits[:, :-1], labels[:, 1:])
