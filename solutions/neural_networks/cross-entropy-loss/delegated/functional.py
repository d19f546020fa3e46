"""torch.nn.functional.cross_entropy, with the gradient by its formula."""

import torch.nn.functional as F
from torch import Tensor


def cross_entropy(
    logits: Tensor,
    y: Tensor,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Tensor:
    """The library's own."""
    loss = F.cross_entropy(
        logits,
        y,
        ignore_index=ignore_index,
        reduction=reduction,
        label_smoothing=label_smoothing,
    )
    if reduction == "mean" and (y == ignore_index).all():
        raise ValueError("nothing to average")
    return loss


def cross_entropy_grad(
    logits: Tensor, y: Tensor, ignore_index: int = -100, label_smoothing: float = 0.0
) -> Tensor:
    """p - q."""
    kept = y != ignore_index
    if not kept.any():
        raise ValueError("nothing to average")
    hot = F.one_hot(y * kept, logits.shape[1]).to(logits)
    q = (1 - label_smoothing) * hot + label_smoothing / logits.shape[1]
    return (logits.softmax(1) - q) * kept[:, None] / kept.sum()
