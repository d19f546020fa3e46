"""LayerNorm: every vector is shifted to mean 0 and scaled to variance 1, then g and b act on it.

"..." stands for the leading axes, (batch,) or (batch, time) for example; each vector along the last
axis is normalised by itself. The variance divides by d, and eps is added to it before the root.
"""

import torch
from torch import Tensor, nn


class LayerNorm(nn.Module):
    """The layer, with Parameters weight (d,), which starts at 1, and bias (d,), which starts at 0.

    With bias=False, the attribute `bias` is None, and nothing is added.

    >>> layer = LayerNorm(4, eps=4.0)
    >>> layer(torch.tensor([[0.0, 2.0, 4.0, 6.0]])).detach()
    tensor([[-1.0000, -0.3333,  0.3333,  1.0000]])
    """

    def __init__(self, d: int, eps: float = 1e-5, bias: bool = True) -> None:
        super().__init__()
        # TODO: self.weight, self.bias
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The result (..., d) for x (..., d).

        A vector of equal numbers gives the bias, and gradients that are finite. Large numbers that
        lie close together, 10000 to 10003 in float32, give about what 0 to 3 give.
        """
        # TODO
        raise NotImplementedError


def layer_norm_backward(
    dy: Tensor, x: Tensor, g: Tensor, eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """The gradients (dx, dg, db) of the layer with weight g (d,), for input x and gradient dy.

    dy, x and dx have the shape (..., d); dg and db have the shape (d,), and are added up over all
    leading axes. In closed form, without autograd.

    >>> dy, x = torch.tensor([[3.0, 0.0]]), torch.tensor([[-1.0, 1.0]])
    >>> dx, dg, db = layer_norm_backward(dy, x, torch.ones(2), eps=3.0)
    >>> dx, dg, db
    (tensor([[ 0.5625, -0.5625]]), tensor([-1.5000,  0.0000]), tensor([3., 0.]))
    """
    # TODO: dg and db first; mean and variance depend on x, too
    raise NotImplementedError
