"""Multi-head attention: several small attentions side by side, then one matrix that mixes them."""

from attention.scaled_dot_product_attention import attention
from neural_networks.linear_init import Linear
from torch import Tensor, nn


class MultiHeadAttention(nn.Module):
    """The layer proj(heads(qkv(x))) (Vaswani et al. 2017, section 3.2.2)."""

    def __init__(
        self, d_model: int, n_heads: int, bias: bool = True, d_in: int | None = None
    ) -> None:
        super().__init__()
        if d_model % n_heads:
            raise ValueError(f"{n_heads} heads do not divide {d_model}")
        self.n_heads = n_heads
        self.qkv = Linear(d_model if d_in is None else d_in, 3 * d_model, bias=bias)
        self.proj = Linear(d_model, d_model, bias=bias)

    def forward(
        self,
        x: Tensor,
        kv: Tensor | None = None,
        mask: Tensor | None = None,
        return_weights: bool = False,
    ) -> Tensor | tuple[Tensor, Tensor]:
        """y, or y and the weights. Heads become one more leading axis, which attention leaves be.

        The transpose brings the heads before the tokens: each head must see a sequence of its own.
        """
        q, k, v = self.qkv(x).chunk(3, dim=-1)  # (B, Tq, d_model) each
        if kv is not None:
            _, k, v = self.qkv(kv).chunk(3, dim=-1)  # (B, Tk, d_model)
        q, k, v = (t.unflatten(-1, (self.n_heads, -1)).transpose(1, 2) for t in (q, k, v))
        if mask is not None and mask.ndim == 3:
            mask = mask[:, None]  # (B, 1, 1 or Tq, Tk): the same for all heads
        heads, weights = attention(q, k, v, mask)  # (B, H, Tq, d_model / H), (B, H, Tq, Tk)
        y = self.proj(heads.transpose(1, 2).flatten(2))  # (B, Tq, d_model)
        return (y, weights) if return_weights else y
