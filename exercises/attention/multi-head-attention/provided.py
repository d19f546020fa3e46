"""Multi-head attention from the library's parts, for those who have not written their own yet."""

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


class MultiHeadAttention(nn.Module):
    """Parameters qkv (weight (3 * d_model, d_in), bias) and proj (weight, bias), True keeps."""

    def __init__(
        self, d_model: int, n_heads: int, bias: bool = True, d_in: int | None = None
    ) -> None:
        super().__init__()
        if d_model % n_heads != 0:
            raise ValueError(f"{n_heads} heads do not divide a width of {d_model}")
        self.n_heads = n_heads
        self.qkv = nn.Linear(d_model if d_in is None else d_in, 3 * d_model, bias)
        self.proj = nn.Linear(d_model, d_model, bias)

    def forward(
        self,
        x: Tensor,
        kv: Tensor | None = None,
        mask: Tensor | None = None,
        return_weights: bool = False,
    ) -> Tensor | tuple[Tensor, Tensor]:
        """y (B, Tq, d_model), or the pair of y and the weights (B, H, Tq, Tk)."""
        sources = (x, *[x if kv is None else kv] * 2)
        rows = zip(self.qkv.weight.chunk(3), self._biases(), strict=True)
        parts = zip(sources, rows, strict=True)
        q, k, v = (self._cut(nn.functional.linear(source, *row)) for source, row in parts)
        if mask is not None and mask.dim() == 3:
            mask = mask.unsqueeze(1)
        heads = scaled_dot_product_attention(q, k, v, attn_mask=mask)
        y: Tensor = self.proj(heads.transpose(1, 2).flatten(2))
        if not return_weights:
            return y
        each_key = torch.eye(k.shape[-2], dtype=k.dtype).expand(*k.shape[:-1], k.shape[-2])
        return y, scaled_dot_product_attention(q, k, each_key, attn_mask=mask)

    def _biases(self) -> tuple[Tensor | None, ...]:
        return (None,) * 3 if self.qkv.bias is None else self.qkv.bias.chunk(3)

    def _cut(self, part: Tensor) -> Tensor:
        return part.unflatten(-1, (self.n_heads, -1)).transpose(1, 2)
