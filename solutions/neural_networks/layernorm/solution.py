"""LayerNorm and its gradient: what it takes out of a vector, it takes out of the gradient too."""

import torch
from torch import Tensor, nn


def _normalised(x: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    """x̂, with mean 0 and variance 1 along the last axis, and 1 / √(variance + eps)."""
    centred = x - x.mean(-1, keepdim=True)  # first: E[x²] - E[x]² would lose all digits far from 0
    r = (centred.square().mean(-1, keepdim=True) + eps).rsqrt()  # (..., 1)
    return centred * r, r  # (..., d), (..., 1)


class LayerNorm(nn.Module):
    """The layer, with Parameters weight (d,) and bias (d,) or None."""

    def __init__(self, d: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(d))
        self.bias = nn.Parameter(torch.zeros(d)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """The result (..., d) for x (..., d)."""
        xhat, _ = _normalised(x, self.eps)
        y = xhat * self.weight
        return y if self.bias is None else y + self.bias


@torch.no_grad()
def layer_norm_backward(
    dy: Tensor, x: Tensor, g: Tensor, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients (dx, dg, db) of the layer with weight g, for input x and gradient dy."""
    xhat, r = _normalised(x, eps)
    leading = tuple(range(x.ndim - 1))
    dg = (dy * xhat).sum(leading)  # (d,)
    db = dy.sum(leading)  # (d,)
    h = dy * g  # (..., d): the gradient of xhat
    # no change of x that shifts or stretches a vector changes xhat: those two parts drop out
    dx = r * (h - h.mean(-1, keepdim=True) - xhat * (h * xhat).mean(-1, keepdim=True))
    return dx, dg, db
