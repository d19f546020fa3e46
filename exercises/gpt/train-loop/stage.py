"""A small model that keeps a diary, one that takes its time, and what listens to events."""

import dataclasses
import time
from typing import Any

import torch
from torch import Tensor, nn


class Bigram(nn.Module):
    """Logits for the next token from this one: a row of a matrix, which decays, and a bias.

    With windowed=True the first token of each row has a say in all its logits. In float64.
    """

    def __init__(self, V: int, windowed: bool = False, seconds: float = 0.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.zeros(V, V, dtype=torch.float64))
        self.bias = nn.Parameter(torch.zeros(V, dtype=torch.float64))
        self.register_buffer("answer", torch.tensor(42))  # state that is no parameter
        self.windowed, self.seconds = windowed, seconds
        self.diary: list[tuple[bool, bool, Tensor]] = []  # in train mode, with a graph, tokens

    def forward(self, idx: Tensor) -> Tensor:
        """Logits (B, T, V) for ids (B, T)."""
        time.sleep(self.seconds)
        out = self.weight[idx] + self.bias
        if self.windowed:
            out = out + 2 * self.weight[idx[:, :1]]
        self.diary.append((self.training, out.requires_grad, idx.clone()))
        return out


class Listener:
    """Notes each event as (event, step, value, moved): are the weights others than at the last?"""

    def __init__(self, model: nn.Module) -> None:
        self.params = list(model.parameters())
        self.notes: list[tuple[str, int, float, bool]] = []
        self.last = self.weights()

    def weights(self) -> Tensor:
        """All weights in one row."""
        return torch.cat([p.detach().flatten() for p in self.params])

    def __call__(self, event: str, step: int, value: float) -> None:
        """Note it."""
        now = self.weights()
        moved, self.last = not torch.equal(now, self.last), now
        self.notes.append((event, step, float(value), moved))


def seed(number: int) -> None:
    """Seed torch's global generator."""
    torch.manual_seed(number)


def draw() -> float:
    """The next number of torch's global generator."""
    return torch.rand(()).item()


def settings(cfg: Any) -> list[Any]:
    """The settings of a TrainConfig in their order."""
    return [getattr(cfg, field.name) for field in dataclasses.fields(cfg)]
