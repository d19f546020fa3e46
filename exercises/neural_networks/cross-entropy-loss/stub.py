"""Cross-entropy: how surprised the model is by the right class, and how to surprise it less.

N rows of V logits each, and one target a row: the id of the right class, or `ignore_index` for a
row that does not count. `ignore_index` may be any number, also the id of a class.
"""

from typing import Literal

import torch
from torch import Tensor


def cross_entropy(
    logits: Tensor,
    y: Tensor,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """The loss -sum(q * log p) of each row, in nats, then their mean, their sum, or all of them.

    logits: (N, V), floating; y: (N,), int64. p is the softmax of a row; q gives every class, also
    the right one, label_smoothing / V, and what is left of 1 to the right one. Returns shape () for
    "mean" and "sum", (N,) for "none", in the dtype of the logits. A row that is ignored costs 0,
    and "mean" divides by the number of rows that are not. If all are ignored, "mean" raises
    ValueError, "sum" is 0 and "none" is zeros. Gradients flow back to the logits.

    >>> logits = torch.tensor([[1.0, 2.0, 5.0], [1.0, 1.0, 2.0]]).log()
    >>> cross_entropy(logits, torch.tensor([0, 2]), reduction="none")  # ln 8 and ln 2
    tensor([2.0794, 0.6931])
    >>> cross_entropy(logits, torch.tensor([0, -100]))
    tensor(2.0794)
    """
    # TODO: one loss for each row first; what should a row with target -100 look up?
    raise NotImplementedError


def cross_entropy_grad(
    logits: Tensor, y: Tensor, ignore_index: int = -100, label_smoothing: float = 0.0
) -> Tensor:
    """The gradient of the mean loss with respect to the logits, by its formula, without autograd.

    logits: (N, V), floating; y: (N,), int64. Returns (N, V), in the dtype of the logits. A row that
    is ignored is exactly 0. Raises ValueError if all of them are.

    >>> logits = torch.tensor([[1.0, 2.0, 5.0], [1.0, 1.0, 2.0]]).log()
    >>> cross_entropy_grad(logits, torch.tensor([0, -100]))
    tensor([[-0.8750,  0.2500,  0.6250],
            [ 0.0000,  0.0000,  0.0000]])
    """
    # TODO: what the model gives each class, minus what it should have given
    raise NotImplementedError
