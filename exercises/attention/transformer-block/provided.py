"""A Transformer block from torch's own layers, for those who have not written it yet."""

from collections import OrderedDict
from typing import Literal

from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention


class _Attention(nn.Module):
    """Self-attention, with the parameters of qkv and proj."""

    def __init__(self, d: int, n_heads: int, bias: bool) -> None:
        super().__init__()
        if d % n_heads != 0:
            raise ValueError(f"{n_heads} heads do not divide a width of {d}")
        self.n_heads = n_heads
        self.qkv = nn.Linear(d, 3 * d, bias=bias)
        self.proj = nn.Linear(d, d, bias=bias)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """(B, T, d) to (B, T, d); mask as in multi-head attention."""
        cut = self.qkv(x).unflatten(-1, (3, self.n_heads, -1))  # (B, T, 3, H, d / H)
        q, k, v = cut.permute(2, 0, 3, 1, 4)  # (B, H, T, d / H) each
        if mask is not None and mask.dim() == 3:
            mask = mask.unsqueeze(1)
        heads = scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return self.proj(heads.transpose(1, 2).flatten(2))


class Block(nn.Module):
    """The block, with the parameters of ln1, attn, ln2 and mlp."""

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
        self.ln1 = nn.LayerNorm(d, bias=bias)
        self.attn = _Attention(d, n_heads, bias)
        self.ln2 = nn.LayerNorm(d, bias=bias)
        layers = [
            ("fc", nn.Linear(d, d_ff, bias=bias)),
            ("activation", nn.GELU(approximate="tanh")),
            ("proj", nn.Linear(d_ff, d, bias=bias)),
        ]
        self.mlp = nn.Sequential(OrderedDict(layers))
        self.drop = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """The output (B, T, d) for x (B, T, d)."""
        if self.norm == "pre":
            x = x + self.drop(self.attn(self.ln1(x), mask))
            return x + self.drop(self.mlp(self.ln2(x)))
        x = self.ln1(x + self.drop(self.attn(x, mask)))
        return self.ln2(x + self.drop(self.mlp(x)))
