"""torch's encoder layer, whose parameters are reached under our names."""

import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, d, n_heads, d_ff, norm="pre", dropout=0.0, bias=True):
        super().__init__()
        if norm not in ("pre", "post"):
            raise ValueError(norm)
        layer = nn.TransformerEncoderLayer(
            d, n_heads, d_ff, dropout, lambda x: F.gelu(x, approximate="tanh"),
            batch_first=True, norm_first=norm == "pre", bias=bias,
        )  # fmt: skip
        self.layer, self.heads = [layer], n_heads  # in a list: not under torch's names too
        self.ln1, self.ln2 = layer.norm1, layer.norm2
        self.attn, self.mlp = nn.Module(), nn.Module()
        self.attn.qkv, self.attn.proj = nn.Module(), layer.self_attn.out_proj
        self.attn.qkv.weight = layer.self_attn.in_proj_weight
        self.attn.qkv.bias = layer.self_attn.in_proj_bias
        self.mlp.fc, self.mlp.proj = layer.linear1, layer.linear2

    def forward(self, x, mask=None):
        if mask is not None:
            mask = mask[:, None] if mask.ndim == 3 else mask
            mask = ~mask.expand(len(x), self.heads, x.shape[1], x.shape[1]).flatten(0, 1)
        return self.layer[0].train(self.training)(x, src_mask=mask)
