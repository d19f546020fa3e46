"""Scaled dot-product attention: every query takes a weighted mean of the values."""

import math

import torch
from neural_networks.stable_softmax import softmax
from torch import Tensor


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """softmax(q kᵀ / √d) v, and the weights (Vaswani et al. 2017, equation 1).

    Hidden keys get the lowest finite score, not -inf: beside any visible key its exponential is 0
    as well, and a row in which all are hidden gives equal weights instead of 0 / 0. These are
    cleared at the end, and with them their gradients.
    """
    hidden = torch.tensor(False) if mask is None else ~mask  # broadcasts to (..., Tq, Tk)
    scores = q @ k.mT / math.sqrt(q.shape[-1])  # (..., Tq, Tk)
    scores = scores.to(torch.promote_types(q.dtype, torch.float32))
    scores = scores.masked_fill(hidden, torch.finfo(scores.dtype).min)
    weights = softmax(scores, -1).masked_fill(hidden, 0.0)
    return weights.to(q.dtype) @ v, weights  # (..., Tq, dv), (..., Tq, Tk)


def score_std(d: int, n: int, scaled: bool, gen: torch.Generator) -> float:
    """The standard deviation of q.k for standard normal vectors: √d, or 1 if `scaled`."""
    q = torch.randn(n, d, generator=gen)
    k = torch.randn(n, d, generator=gen)
    scores = q @ k.T  # (n, n): every query with every key
    return scores.std().item() / (math.sqrt(d) if scaled else 1.0)
