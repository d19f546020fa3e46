"""Ignored rows are left out from the start, and put back where their zeros are asked for."""

import torch
from torch import Tensor


def _log_probabilities(rows: Tensor) -> Tensor:
    shifted = rows - rows.max(dim=1, keepdim=True).values
    return shifted - shifted.exp().sum(dim=1, keepdim=True).log()


def cross_entropy(
    logits: Tensor,
    y: Tensor,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
    reduction: str = "mean",
) -> Tensor:
    """Only the rows that count are worked out."""
    keep = torch.nonzero(y.ne(ignore_index)).flatten()
    logp = _log_probabilities(logits[keep])
    losses = -logp[torch.arange(keep.numel()), y[keep]]
    if label_smoothing > 0:
        losses = losses + label_smoothing * (-logp.mean(dim=1) - losses)
    match reduction:
        case "sum":
            return losses.sum()
        case "mean":
            if keep.numel() == 0:
                raise ValueError("nothing to average")
            return losses.mean()
        case _:
            return logits.new_zeros(len(y)).index_copy(0, keep, losses)


def cross_entropy_grad(
    logits: Tensor, y: Tensor, ignore_index: int = -100, label_smoothing: float = 0.0
) -> Tensor:
    """The probabilities of the kept rows, with the targets taken off in place."""
    keep = torch.nonzero(y.ne(ignore_index)).flatten()
    if not len(keep):
        raise ValueError("nothing to average")
    delta = _log_probabilities(logits[keep]).exp()
    delta -= label_smoothing / logits.shape[1]
    delta[torch.arange(len(keep)), y[keep]] -= 1 - label_smoothing
    grad = torch.zeros_like(logits)
    grad[keep] = delta / len(keep)
    return grad
