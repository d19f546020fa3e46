"""Models to start: a GPT with exactly the names of gpt2-model, whose numbers are all wrong."""

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, gelu, layer_norm, linear, scaled_dot_product_attention


class Held(nn.Module):
    """A weight and a bias (or None), as many people's own layers hold them."""

    def __init__(self, shape: tuple[int, ...], bias: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(shape))
        self.bias = nn.Parameter(torch.empty(shape[:1])) if bias else None


def _linear(own: bool, d_in: int, d_out: int, bias: bool) -> nn.Module:
    return Held((d_out, d_in), bias) if own else nn.Linear(d_in, d_out, bias=bias)


def _norm(own: bool, d: int, bias: bool) -> nn.Module:
    return Held((d,), bias) if own else nn.LayerNorm(d, bias=bias)


def _table(own: bool, rows: int, d: int) -> nn.Module:
    return Held((rows, d), False) if own else nn.Embedding(rows, d)


class Block(nn.Module):
    """The parts of a block, under their names."""

    def __init__(self, own: bool, d: int, bias: bool) -> None:
        super().__init__()
        self.ln1, self.attn = _norm(own, d, bias), nn.Module()
        self.attn.qkv = _linear(own, d, 3 * d, bias)
        self.attn.proj = _linear(own, d, d, bias)
        self.ln2, self.mlp = _norm(own, d, bias), nn.Module()
        self.mlp.fc = _linear(own, d, 4 * d, bias)
        self.mlp.proj = _linear(own, 4 * d, d, bias)


class GPT(nn.Module):
    """The model; `own` layers are not torch's, but have the same Parameters."""

    def __init__(
        self, own: bool, tied: bool, bias: bool, vocab_size: int, n_ctx: int, n_layer: int, d: int
    ) -> None:
        super().__init__()
        self.n_head = 2
        self.wte, self.wpe = _table(own, vocab_size, d), _table(own, n_ctx, d)
        self.blocks = nn.ModuleList(Block(own, d, bias) for _ in range(n_layer))
        self.ln_f = _norm(own, d, bias)
        self.head = _linear(own, d, vocab_size, False)
        if tied:
            self.head.weight = self.wte.weight
        with torch.no_grad():
            for p in self.parameters():
                p.copy_(torch.linspace(5.0, 9.0, p.numel()).view(p.shape))

    def forward(self, idx: Tensor) -> Tensor:
        """The logits (B, T, V)."""
        x = embedding(idx, self.wte.weight) + self.wpe.weight[: idx.shape[1]]
        for block in self.blocks:
            qkv = _through(block.attn.qkv, _normed(block.ln1, x))
            q, k, v = qkv.unflatten(-1, (3, self.n_head, -1)).permute(2, 0, 3, 1, 4)
            heads = scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + _through(block.attn.proj, heads.transpose(1, 2).flatten(2))
            h = gelu(_through(block.mlp.fc, _normed(block.ln2, x)), approximate="tanh")
            x = x + _through(block.mlp.proj, h)
        return _through(self.head, _normed(self.ln_f, x))


def _through(part: nn.Module, x: Tensor) -> Tensor:
    return linear(x, part.weight, part.bias)


def _normed(part: nn.Module, x: Tensor) -> Tensor:
    return layer_norm(x, x.shape[-1:], part.weight, part.bias)


def make_gpt(
    own: bool = False,
    tied: bool = False,
    bias: bool = True,
    vocab_size: int = 11,
    n_ctx: int = 5,
    n_layer: int = 2,
    d: int = 6,
) -> GPT:
    """A new model in which every number lies between 5 and 9."""
    return GPT(own, tied, bias, vocab_size, n_ctx, n_layer, d)


def seed(number: int) -> None:
    """Start torch's global generator anew."""
    torch.manual_seed(number)
