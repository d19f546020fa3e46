"""Next-token batches: what a language model reads, what it should say next, how wrong it was.

A text is one long row of n token ids. B is the number of rows in a batch, T the number of tokens in
a row, V the number of different tokens.
"""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor

# What you have written already may serve you here:
# from neural_networks.cross_entropy_loss import cross_entropy


def get_batch(
    data: np.ndarray, batch: int, T: int, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """A pair x, y of shape (batch, T) in int64: pieces of data from random places.

    data: (n,), of any integer dtype up to int64, such as uint16; it may be an np.memmap, a file
    larger than memory. Each row of x starts at a place of its own, drawn from all places at which
    T tokens and one more are left, each as likely as the other; two rows may start at the same.
    The row of y starts one token later. Draws come from `generator`, or from torch's global
    generator. Raises ValueError if data has fewer than T + 1 tokens.

    >>> x, y = get_batch(np.arange(100), batch=2, T=5)
    >>> x.shape
    torch.Size([2, 5])
    >>> (y == x + 1).all()
    tensor(True)
    """
    # TODO: at how many places can a row start?
    raise NotImplementedError


def iter_eval_windows(data: np.ndarray, T: int) -> Iterator[tuple[Tensor, Tensor]]:
    """Pairs x, y of shape (t,) in int64, which together have each token but the first as a target.

    data: (n,), as above, with n >= 2. The windows follow one another without an overlap. t is T,
    but the last window may be shorter: the n - 1 targets are all there, each once and in order.

    >>> [(x.tolist(), y.tolist()) for x, y in iter_eval_windows(np.array([7, 8, 9, 5]), T=2)]
    [([7, 8], [8, 9]), ([9], [5])]
    """
    # TODO: at which places does a window start, and what is different at the end?
    raise NotImplementedError


def lm_loss(logits: Tensor, targets: Tensor, ignore_index: int = -100) -> Tensor:
    """The mean cross-entropy in nats, as shape (), over the targets that are not ignore_index.

    logits: (B, T, V), floating; targets: (B, T), int64. Logits [b, t] are for targets [b, t]: the
    targets are shifted already, as those of get_batch are. Gradients flow back to the logits.

    >>> lm_loss(torch.zeros(1, 3, 4), torch.tensor([[0, 3, -100]]))  # ln 4
    tensor(1.3863)
    """
    # TODO: which axis do the classes stand on?
    raise NotImplementedError


def hf_style_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """The same loss for labels that are not shifted: logits [b, t] are for labels [b, t + 1].

    logits: (B, T, V), floating; labels: (B, T), int64: usually the very ids that the model has
    read. The first label has no logits, the last logits have no label. Labels of -100 do not count.

    >>> sure = torch.eye(3).roll(1, 1)[None] * 50.0  # after 0 comes 1, after 1 comes 2
    >>> hf_style_loss(sure, torch.tensor([[0, 1, 2]]))
    tensor(0.)
    """
    # TODO: make pairs that fit, and leave the rest to lm_loss
    raise NotImplementedError
