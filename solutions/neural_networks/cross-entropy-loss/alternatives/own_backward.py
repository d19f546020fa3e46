"""An autograd function of its own, one row after the other in plain numbers."""

import math
from typing import Any

import torch
from torch import Tensor


def _row(z: list[float], target: int, epsilon: float) -> tuple[float, list[float]]:
    """The loss of one row and its gradient p - q."""
    top = max(z)
    total = top + math.log(math.fsum(math.exp(a - top) for a in z))
    q = [epsilon / len(z)] * len(z)
    q[target] += 1 - epsilon
    loss = math.fsum(w * (total - a) for w, a in zip(q, z, strict=True))
    return loss, [math.exp(a - total) - w for a, w in zip(z, q, strict=True)]


class _Losses(torch.autograd.Function):
    """(N, V) logits to (N,) losses."""

    @staticmethod
    def forward(ctx: Any, logits: Tensor, y: Tensor, ignored: int, epsilon: float) -> Tensor:
        losses, grads = [], []
        for z, target in zip(logits.tolist(), y.tolist(), strict=True):
            blank = 0.0, [0.0] * len(z)
            loss, grad = blank if target == ignored else _row(z, target, epsilon)
            losses.append(loss)
            grads.append(grad)
        ctx.grads = torch.tensor(grads, dtype=logits.dtype)
        return torch.tensor(losses, dtype=logits.dtype)

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None, None, None]:
        return ctx.grads * g.unsqueeze(1), None, None, None


def cross_entropy(
    logits: Tensor,
    y: Tensor,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Tensor:
    """Rows first, then what is asked for."""
    losses = _Losses.apply(logits, y, ignore_index, label_smoothing)
    n = sum(target != ignore_index for target in y.tolist())
    if reduction == "mean" and n == 0:
        raise ValueError("no rows")
    return {"none": lambda: losses, "sum": losses.sum, "mean": lambda: losses.sum() / n}[
        reduction
    ]()


def cross_entropy_grad(
    logits: Tensor, y: Tensor, ignore_index: int = -100, label_smoothing: float = 0.0
) -> Tensor:
    """The same rows, of which only the gradients are kept."""
    rows, n = [], sum(target != ignore_index for target in y.tolist())
    if n == 0:
        raise ValueError("no rows")
    for z, target in zip(logits.tolist(), y.tolist(), strict=True):
        ignored = target == ignore_index
        rows.append([0.0] * len(z) if ignored else _row(z, target, label_smoothing)[1])
    return torch.tensor(rows, dtype=logits.dtype) / n
