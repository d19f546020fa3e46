"""Multi-head attention: several small attentions side by side, then one matrix that mixes them.

B is the batch, Tq and Tk are the numbers of queries and of keys, H is the number of heads. Each
head works with vectors of size d_model / H.
"""

import torch
from torch import Tensor, nn

# What you have written already may serve you here:
# from attention.scaled_dot_product_attention import attention
# from neural_networks.linear_init import Linear


class MultiHeadAttention(nn.Module):
    """The layer proj(heads(qkv(x))).

    `qkv` holds Parameters weight (3 * d_model, d_in) and bias (3 * d_model,): the first d_model
    rows make the queries, the next the keys, the last the values; of each, the first d_model / H
    belong to head 0, the next to head 1, and so on. `proj` holds weight (d_model, d_model) and bias
    (d_model,). There are no other parameters.

    d_in is the width of the input; None means d_model. With bias=False both biases are None.
    Raises ValueError if n_heads does not divide d_model.

    >>> import torch
    >>> layer = MultiHeadAttention(6, 2, d_in=5)
    >>> layer.qkv.weight.shape
    torch.Size([18, 5])
    >>> y, weights = layer(torch.ones(1, 4, 5), return_weights=True)
    >>> y.shape
    torch.Size([1, 4, 6])
    >>> weights.shape
    torch.Size([1, 2, 4, 4])
    """

    def __init__(
        self, d_model: int, n_heads: int, bias: bool = True, d_in: int | None = None
    ) -> None:
        super().__init__()
        # TODO: self.qkv, self.proj
        raise NotImplementedError

    def forward(
        self,
        x: Tensor,
        kv: Tensor | None = None,
        mask: Tensor | None = None,
        return_weights: bool = False,
    ) -> Tensor | tuple[Tensor, Tensor]:
        """The output y (B, Tq, d_model); with return_weights the pair of y and all weights.

        x: (B, Tq, d_in) makes the queries. kv: (B, Tk, d_in) makes keys and values; None means x.
        mask: bool, True keeps a key. (Tq, Tk); or (B, 1 or Tq, Tk), for all heads; or
        (B, 1 or H, 1 or Tq, Tk).
        weights: (B, H, Tq, Tk), those with which each head really mixes its values. A query that
        sees no key has weights of 0, and its heads bring zeros to `proj`; no gradient is NaN.
        """
        # TODO: project, cut into heads, attend, put together, project
        raise NotImplementedError
