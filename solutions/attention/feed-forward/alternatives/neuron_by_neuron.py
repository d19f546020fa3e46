"""One hidden neuron after another: each reads x along one vector, and writes along another."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

KINDS = {"gelu_tanh": "tanh", "gelu": "none"}


class FeedForward(nn.Module):
    def __init__(self, d: int, d_ff: int | None = None, activation="gelu_tanh", bias: bool = True):
        super().__init__()
        try:
            self.kind = KINDS[activation]
        except KeyError:
            raise ValueError(f"no activation called {activation}") from None
        hidden = d_ff if d_ff is not None else 4 * d
        self.fc, self.proj = nn.Linear(d, hidden, bias=bias), nn.Linear(hidden, d, bias=bias)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.zeros_like(x) if self.proj.bias is None else self.proj.bias.expand(x.shape)
        for i, reads in enumerate(self.fc.weight):
            strength = torch.einsum("...d,d->...", x, reads)
            if self.fc.bias is not None:
                strength = strength + self.fc.bias[i]
            writes = self.proj.weight[:, i]
            y = y + F.gelu(strength, approximate=self.kind)[..., None] * writes
        return y
