"""The Transformer block: attention and a feed-forward layer, each added to what came in.

B is the batch, T the number of tokens, d the width of their vectors.
"""

from typing import Literal

import torch
from torch import Tensor, nn

# What you have written already may serve you here:
# from attention.feed_forward import FeedForward
# from attention.multi_head_attention import MultiHeadAttention
# from neural_networks.layernorm import LayerNorm


class Block(nn.Module):
    """Two sublayers, attn and mlp, each with a norm and with a way around it.

    norm="pre":  x + attn(ln1(x)), and with that as the new x: x + mlp(ln2(x))
    norm="post": ln1(x + attn(x)), and with that as the new x: ln2(x + mlp(x))

    Raises ValueError for any other norm. The Parameters are those of the four parts:

    ln1, ln2    weight (d,) and bias (d,), with eps 1e-5
    attn        qkv: weight (3 * d, d), bias (3 * d,); proj: weight (d, d), bias (d,)
    mlp         fc: weight (d_ff, d), bias (d_ff,); proj: weight (d, d_ff), bias (d,);
                GELU in the tanh form between them

    With bias=False all six biases are None. In train mode each number that attn or mlp gives is
    dropped with probability `dropout` before it is added, and the others are divided by
    1 - dropout; in eval mode nothing is random.

    >>> import torch
    >>> block = Block(6, 2, 24)
    >>> block(torch.ones(1, 4, 6)).shape
    torch.Size([1, 4, 6])
    >>> block.mlp.fc.weight.shape
    torch.Size([24, 6])
    """

    def __init__(
        self,
        d: int,
        n_heads: int,
        d_ff: int,
        norm: Literal["pre", "post"] = "pre",
        dropout: float = 0.0,
        bias: bool = True,
    ) -> None:
        super().__init__()
        # TODO: self.ln1, self.attn, self.ln2, self.mlp
        raise NotImplementedError

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """The output (B, T, d) for x (B, T, d).

        mask: bool, True keeps, as in multi-head attention: (T, T), (B, 1 or T, T) or
        (B, 1 or n_heads, T, T). None: every position sees all of them.
        """
        # TODO
        raise NotImplementedError
