"""Cross-entropy: minus the log-softmax at the target; its gradient is p - q."""

from typing import Literal

import torch
from neural_networks.stable_softmax import log_softmax, softmax
from torch import Tensor


def cross_entropy(
    logits: Tensor,
    y: Tensor,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: Literal["mean", "sum", "none"] = "mean",
) -> Tensor:
    """The loss -sum(q * log p) of each row, then their mean, their sum, or all of them."""
    kept = y != ignore_index  # (N,) bool
    if reduction == "mean" and not kept.any():
        raise ValueError("every target is ignored: there is no mean loss")
    costs = -log_softmax(logits, dim=1)  # (N, V): what each class would cost as the target
    target = y.where(kept, 0)  # (N,): an ignored row looks up a class that exists
    hit = costs.gather(1, target[:, None]).squeeze(1)  # (N,)
    losses = (1 - label_smoothing) * hit + label_smoothing * costs.mean(dim=1)  # (N,)
    losses = losses.where(kept, 0.0)  # after the smoothing, so that no part of it is left
    if reduction == "none":
        return losses
    total = losses.sum()  # ()
    return total / kept.sum() if reduction == "mean" else total


@torch.no_grad()  # a gradient to use, not to differentiate again
def cross_entropy_grad(
    logits: Tensor, y: Tensor, ignore_index: int = -100, label_smoothing: float = 0.0
) -> Tensor:
    """The gradient of the mean loss: (p - q) / number of rows that count, 0 in the others."""
    kept = y != ignore_index  # (N,) bool, as above
    if not kept.any():
        raise ValueError("every target is ignored: there is no mean loss, and no gradient")
    p = softmax(logits, dim=1)  # (N, V)
    q = torch.full_like(p, label_smoothing / p.shape[1])  # (N, V): epsilon / V for every class
    rows = torch.arange(len(y))  # (N,)
    q[rows, y.where(kept, 0)] += 1 - label_smoothing
    return (p - q).where(kept[:, None], 0.0) / kept.sum()  # (N, V)
