"""The feed-forward layer: every token is worked on by itself, in a wider space."""

from typing import Literal

from neural_networks.activations import gelu
from neural_networks.linear_init import Linear
from torch import Tensor, nn


class FeedForward(nn.Module):
    """The layer proj(gelu(fc(x))) (Vaswani et al. 2017, section 3.3, with GELU for ReLU)."""

    def __init__(
        self,
        d: int,
        d_ff: int | None = None,
        activation: Literal["gelu_tanh", "gelu"] = "gelu_tanh",
        bias: bool = True,
    ) -> None:
        super().__init__()
        if activation not in ("gelu_tanh", "gelu"):
            raise ValueError(f"unknown activation: {activation!r}")
        self.form = "tanh" if activation == "gelu_tanh" else "none"
        width = 4 * d if d_ff is None else d_ff
        self.fc = Linear(d, width, bias=bias)
        self.proj = Linear(width, d, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        """Both layers act on the last axis alone, so that tokens never meet here."""
        h = self.fc(x)  # (..., d_ff)
        return self.proj(gelu(h, approximate=self.form))  # (..., d)
