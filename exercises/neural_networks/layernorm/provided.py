"""torch's own LayerNorm under the names of this exercise, for those who have not written it yet."""

import torch
from torch import Tensor, nn


class LayerNorm(nn.LayerNorm):
    """The layer, with Parameters weight (d,) and bias (d,) or None."""

    def __init__(self, d: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__(d, eps=eps, bias=bias)


def layer_norm_backward(
    dy: Tensor, x: Tensor, g: Tensor, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients (dx, dg, db) of the layer with weight g."""
    shape, b = [x.shape[-1]], torch.zeros_like(g)
    _, mean, rstd = torch.ops.aten.native_layer_norm(x, shape, g, b, eps)
    wanted = [True, True, True]
    return torch.ops.aten.native_layer_norm_backward(dy, x, shape, mean, rstd, g, b, wanted)
