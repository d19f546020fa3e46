"""A model that is never called: it only has parameters of every kind."""

from typing import Any

import torch
from torch import nn


class Model(nn.Module):
    """The parts of a small language model; the head may be tied to the embedding."""

    def __init__(self, tied: bool) -> None:
        super().__init__()
        self.wte = nn.Embedding(7, 4)
        self.conv = nn.Conv1d(4, 5, 3)
        self.norm = nn.LayerNorm(5)
        self.fc = nn.Linear(5, 4)
        self.scale = nn.Parameter(torch.ones(()))
        self.head = nn.Linear(4, 7, bias=False)
        if tied:
            self.head.weight = self.wte.weight


def make_model(tied: bool = False) -> Model:
    """A new model in float64."""
    return Model(tied).to(torch.float64)


def described(model: nn.Module, groups: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """The name and the weight_decay of each Parameter in groups; "?" if it is not the model's."""
    names = {id(p): name for name, p in model.named_parameters()}
    return [
        (names.get(id(p), "?"), group["weight_decay"]) for group in groups for p in group["params"]
    ]
