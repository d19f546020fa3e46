"""A loss of one's own, and autograd for the gradient that should come from its formula."""

import torch
from torch import Tensor


def cross_entropy(
    logits: Tensor,
    y: Tensor,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Tensor:
    """Minus log-softmax at the target, smoothed."""
    kept = (y != ignore_index).to(logits)
    if reduction == "mean" and not kept.any():
        raise ValueError("nothing to average")
    costs = -torch.log_softmax(logits, 1)
    hit = torch.take_along_dim(costs, y.masked_fill(y == ignore_index, 0)[:, None], 1)[:, 0]
    losses = kept * ((1 - label_smoothing) * hit + label_smoothing * costs.mean(1))
    if reduction == "none":
        return losses
    return losses.sum() / (kept.sum() if reduction == "mean" else 1)


def cross_entropy_grad(
    logits: Tensor, y: Tensor, ignore_index: int = -100, label_smoothing: float = 0.0
) -> Tensor:
    """torch.autograd.grad of the loss above."""
    z = logits.detach().requires_grad_(True)
    return torch.autograd.grad(cross_entropy(z, y, ignore_index, label_smoothing), z)[0]
