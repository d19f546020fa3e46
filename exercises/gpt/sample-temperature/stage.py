"""Models whose logits are known: one looks at the last token, one at all that it is given."""

from types import SimpleNamespace

import torch
from torch import Tensor, nn


class Known(nn.Module):
    """A model that refuses more than n_ctx tokens, and keeps a diary of its calls.

    In train mode its logits are the other way round, as if dropout had hit the wrong ones.
    """

    def __init__(self, n_ctx: int) -> None:
        super().__init__()
        self.cfg = SimpleNamespace(n_ctx=n_ctx)
        self.scale = nn.Parameter(torch.ones(()))
        self.part = nn.Dropout()
        self.diary: list[tuple[bool, bool]] = []  # in train mode, with a graph

    def logits(self, idx: Tensor) -> Tensor:
        """The logits (B, T, V)."""
        raise NotImplementedError

    def forward(self, idx: Tensor) -> Tensor:
        """Logits (B, T, V) for ids (B, T)."""
        if idx.shape[1] > self.cfg.n_ctx:
            raise ValueError(f"{idx.shape[1]} tokens, but the model takes {self.cfg.n_ctx}")
        out = self.logits(idx) * self.scale
        self.diary.append((self.training or self.part.training, out.requires_grad))
        return -out if self.training else out


class Table(Known):
    """After token i, the logits are row i of a table (V, V)."""

    def __init__(self, table: Tensor, n_ctx: int) -> None:
        super().__init__(n_ctx)
        self.register_buffer("table", table)

    def logits(self, idx: Tensor) -> Tensor:
        """A row for each token."""
        return self.table[idx]


class Sum(Known):
    """The next token is sure: the sum of place x token, with places from 1, modulo V."""

    def __init__(self, V: int, n_ctx: int) -> None:
        super().__init__(n_ctx)
        self.V = V

    def logits(self, idx: Tensor) -> Tensor:
        """200 for the one, 0 for all others."""
        places = torch.arange(1, idx.shape[1] + 1)
        return 200.0 * nn.functional.one_hot((idx * places).cumsum(1) % self.V, self.V).float()


def seed(number: int) -> None:
    """Seed torch's global generator."""
    torch.manual_seed(number)
