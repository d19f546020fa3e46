"""The layers: nn.CrossEntropyLoss, and nn.NLLLoss for the gradient's loss."""

import torch
from torch import Tensor, nn


def cross_entropy(
    logits: Tensor,
    y: Tensor,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Tensor:
    """nn.CrossEntropyLoss."""
    if reduction == "mean" and torch.equal(y, torch.full_like(y, ignore_index)):
        raise ValueError("nothing to average")
    options = {"reduction": reduction, "label_smoothing": label_smoothing}
    return nn.CrossEntropyLoss(ignore_index=ignore_index, **options)(logits, y)


def cross_entropy_grad(
    logits: Tensor, y: Tensor, ignore_index: int = -100, label_smoothing: float = 0.0
) -> Tensor:
    """Autograd of nn.NLLLoss and of the mean over the classes."""
    z = logits.detach().clone().requires_grad_()
    kept = y != ignore_index
    if not kept.any():
        raise ValueError("nothing to average")
    logp = torch.log_softmax(z, 1)
    hit = nn.NLLLoss(ignore_index=ignore_index)(logp, y)
    loss = (1 - label_smoothing) * hit - label_smoothing * logp[kept].mean()
    loss.backward()
    return z.grad
