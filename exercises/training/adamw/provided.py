"""torch's own AdamW, under the names of this exercise, for those who have not written it yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn


class AdamW(torch.optim.AdamW):
    """torch.optim.AdamW with the options of this exercise."""

    def __init__(
        self,
        params: Iterable[nn.Parameter] | Iterable[dict[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)


def decay_groups(model: nn.Module, wd: float) -> list[dict[str, Any]]:
    """A group that decays, for parameters with two axes or more, and one that does not."""
    groups: dict[float, list[nn.Parameter]] = {wd: [], 0.0: []}
    for p in model.parameters():
        groups[wd if p.ndim >= 2 else 0.0].append(p)
    return [{"params": params, "weight_decay": decay} for decay, params in groups.items()]
