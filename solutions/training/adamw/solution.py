"""AdamW: Adam's steps, with a weight decay that stays out of the gradient."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn


class AdamW:
    """Changes parameters in place, by the gradients that they have."""

    param_groups: list[dict[str, Any]]

    def __init__(
        self,
        params: Iterable[nn.Parameter] | Iterable[dict[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        """Lists are made at once, since a generator can be read only once."""
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        given = list(params)
        groups = given if isinstance(given[0], dict) else [{"params": given}]
        self.param_groups = [{**options, **g} for g in groups]
        self._state: dict[nn.Parameter, dict[str, Any]] = {}  # begins with the first gradient

    def _params(self) -> list[nn.Parameter]:
        """All parameters, in the order that state_dict relies on."""
        return [p for group in self.param_groups for p in group["params"]]

    def zero_grad(self) -> None:
        """Make all gradients None."""
        for p in self._params():
            p.grad = None

    @torch.no_grad()
    def step(self) -> None:
        """One update of every Parameter that has a gradient."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self._update(p, p.grad, group)

    def _update(self, p: nn.Parameter, g: torch.Tensor, group: dict[str, Any]) -> None:
        lr, (beta1, beta2) = group["lr"], group["betas"]
        if p not in self._state:
            self._state[p] = {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)}
        state = self._state[p]
        state["t"] += 1
        state["m"] = beta1 * state["m"] + (1 - beta1) * g
        state["v"] = beta2 * state["v"] + (1 - beta2) * g**2
        # Both averages began at 0: after t steps they hold only 1 - beta**t of what they should.
        m_hat = state["m"] / (1 - beta1 ** state["t"])
        v_hat = state["v"] / (1 - beta2 ** state["t"])
        p.mul_(1 - lr * group["weight_decay"])  # on the old weight; m and v never see it
        p.sub_(lr * m_hat / (v_hat.sqrt() + group["eps"]))

    def state_dict(self) -> dict[str, Any]:
        """Options without the Parameters, and what each Parameter has gathered, by its place."""
        options = [{k: v for k, v in g.items() if k != "params"} for g in self.param_groups]
        return copy.deepcopy({"groups": options, "state": [*map(self._state.get, self._params())]})

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where another AdamW was; a copy, so that two never share their averages."""
        state = copy.deepcopy(state)
        for group, options in zip(self.param_groups, state["groups"], strict=True):
            group.update(options)
        pairs = zip(self._params(), state["state"], strict=True)
        self._state = {p: gathered for p, gathered in pairs if gathered is not None}


def decay_groups(model: nn.Module, wd: float) -> list[dict[str, Any]]:
    """Matrices and embeddings decay; model.parameters() names a shared Parameter once."""
    params = list(model.parameters())
    return [
        {"params": [p for p in params if p.ndim >= 2], "weight_decay": wd},
        {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0},
    ]
