"""A whole table of targets: one-hot rows, smoothed, and blank where a row is ignored."""

import torch
import torch.nn.functional as F
from torch import Tensor


def _targets(logits: Tensor, y: Tensor, ignore_index: int, smoothing: float) -> Tensor:
    """q, (N, V): rows that add up to 1, or to 0 where the target is ignored."""
    classes = logits.size(-1)
    ignored = y == ignore_index
    hot = F.one_hot(torch.where(ignored, 0, y), classes).to(logits)
    q = torch.lerp(hot, torch.full_like(hot, 1 / classes), smoothing)
    return q * (~ignored).unsqueeze(-1)


def cross_entropy(
    logits: Tensor,
    y: Tensor,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Tensor:
    """As q has all that is special about a row, the loss is a single einsum."""
    q = _targets(logits, y, ignore_index, label_smoothing)
    logp = logits - torch.logsumexp(logits, dim=-1, keepdim=True)
    losses = -torch.einsum("nv,nv->n", q, logp)
    if reduction == "none":
        return losses
    if reduction == "sum":
        return losses.sum()
    count = (y != ignore_index).sum().item()
    if count == 0:
        raise ValueError("no target is left")
    return losses.sum() / count


def cross_entropy_grad(
    logits: Tensor, y: Tensor, ignore_index: int = -100, label_smoothing: float = 0.0
) -> Tensor:
    """p - q, with p blank in the rows in which q is."""
    q = _targets(logits, y, ignore_index, label_smoothing)
    weight = (y != ignore_index).to(logits)
    if weight.sum() == 0:
        raise ValueError("no target is left")
    return (logits.softmax(-1) * weight[:, None] - q) / weight.sum()
