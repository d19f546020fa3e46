"""A Transformer block: attention and a feed-forward layer, each added to what came in."""

from typing import Literal

from attention.feed_forward import FeedForward
from attention.multi_head_attention import MultiHeadAttention
from neural_networks.layernorm import LayerNorm
from torch import Tensor, nn


class Block(nn.Module):
    """Post-norm is Vaswani et al. 2017; pre-norm is GPT-2 (Radford et al. 2019)."""

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
        if norm not in ("pre", "post"):
            raise ValueError(f"unknown norm: {norm!r}")
        self.norm = norm
        self.ln1 = LayerNorm(d, bias=bias)
        self.attn = MultiHeadAttention(d, n_heads, bias=bias)
        self.ln2 = LayerNorm(d, bias=bias)
        self.mlp = FeedForward(d, d_ff, bias=bias)
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Pre-norm adds to an x that no norm ever touches: gradients pass by all layers unchanged.

        Every line gives (B, T, d).
        """
        if self.norm == "pre":
            x = x + self.drop(self.attn(self.ln1(x), mask=mask))
            return x + self.drop(self.mlp(self.ln2(x)))
        x = self.ln1(x + self.drop(self.attn(x, mask=mask)))
        return self.ln2(x + self.drop(self.mlp(x)))
