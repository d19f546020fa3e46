"""The feed-forward layer: every token is worked on by itself, in a wider space.

In the shapes, "..." stands for any number of leading axes (batch, tokens, or none at all).
"""

from typing import Literal

import torch
from torch import Tensor, nn

# What you have written already may serve you here:
# from neural_networks.activations import gelu
# from neural_networks.linear_init import Linear


class FeedForward(nn.Module):
    """The layer proj(activation(fc(x))).

    `fc` holds Parameters weight (d_ff, d) and bias (d_ff,), `proj` weight (d, d_ff) and bias (d,).
    There are no other parameters, and no dropout. d_ff of None means 4 * d. With bias=False both
    biases are None.

    "gelu_tanh" is GELU in the tanh form, which GPT-2 uses; "gelu" the form with erf. Raises
    ValueError for an unknown activation.

    >>> import torch
    >>> layer = FeedForward(3)
    >>> layer.fc.weight.shape
    torch.Size([12, 3])
    >>> layer(torch.ones(2, 5, 3)).shape
    torch.Size([2, 5, 3])
    """

    def __init__(
        self,
        d: int,
        d_ff: int | None = None,
        activation: Literal["gelu_tanh", "gelu"] = "gelu_tanh",
        bias: bool = True,
    ) -> None:
        super().__init__()
        # TODO: self.fc, self.proj
        raise NotImplementedError

    def forward(self, x: Tensor) -> Tensor:
        """The output (..., d) for x (..., d)."""
        # TODO
        raise NotImplementedError
