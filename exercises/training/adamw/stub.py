"""AdamW: Adam's steps, with a weight decay that stays out of the gradient."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import nn


class AdamW:
    """Changes parameters in place, by the gradients that they have.

    A subclass of torch.optim.Optimizer is welcome too, if it keeps this signature.

    `param_groups` is a list of dicts. Each has "params" (a list of Parameters) and its own "lr",
    "betas", "eps" and "weight_decay". A schedule writes a new "lr" there before every step.

    >>> w = nn.Parameter(torch.tensor([4.0]))
    >>> optimizer = AdamW([w], lr=0.5, betas=(0.5, 0.75), eps=1.0, weight_decay=0.2)
    >>> w.grad = torch.tensor([3.0])
    >>> optimizer.step()
    >>> w.data
    tensor([3.2250])
    """

    param_groups: list[dict[str, Any]]

    def __init__(
        self,
        params: Iterable[nn.Parameter] | Iterable[dict[str, Any]],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        """Take Parameters, or dicts with "params" and with any options of their own.

        `params` may be a generator (model.parameters() is one). What a dict does not say comes
        from the arguments.
        """
        # TODO: make the groups; where will you keep what each Parameter needs from step to step?
        raise NotImplementedError

    def zero_grad(self) -> None:
        """Make all gradients None (or zeros)."""
        raise NotImplementedError

    def step(self) -> None:
        """One update of every Parameter that has a gradient.

        The old weight is multiplied by 1 - lr * weight_decay, and Adam's step is taken from it.
        Gradients stay as they are. A Parameter whose grad is None is left out wholly: it does not
        decay, and for it this step does not count. What is kept has the Parameter's dtype.
        """
        raise NotImplementedError

    def state_dict(self) -> dict[str, Any]:
        """All that is needed to go on later: made of dicts, lists, numbers, strings, tensors.

        The Parameters themselves are not in it.
        """
        raise NotImplementedError

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where another AdamW was, over Parameters of the same shapes in the same order.

        The options of the groups come back too.
        """
        raise NotImplementedError


def decay_groups(model: nn.Module, wd: float) -> list[dict[str, Any]]:
    """Two groups for AdamW: [{"params": [...], "weight_decay": wd}, the same with 0.0].

    Parameters with two axes or more decay (matrices, embeddings), others do not (biases, norms).
    A Parameter that the model uses in two places is in one group, once.

    >>> groups = decay_groups(nn.Linear(3, 2), 0.1)
    >>> [(group["weight_decay"], len(group["params"])) for group in groups]
    [(0.1, 1), (0.0, 1)]
    """
    raise NotImplementedError
