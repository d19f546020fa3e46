"""The training loop: batch after batch through a language model, and a diary of how it went."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn

# What you have written already may serve you here:
# from training.adamw import AdamW, decay_groups
# from training.lm_batches import get_batch, iter_eval_windows, lm_loss
# from training.lr_warmup_cosine import lr_at

Event = Literal["zero", "forward", "backward", "clip", "lr", "step"]


@dataclass
class TrainConfig:
    """All settings of one training. This class is given; leave it as it is."""

    steps: int = 100  # updates
    batch: int = 8
    T: int = 32  # tokens in a row of a batch, and in an evaluation window
    max_lr: float = 1e-3
    min_lr: float = 0.0
    warmup: int = 0  # the schedule is lr_at(step, max_lr, min_lr, warmup, steps)
    weight_decay: float = 0.1  # on the decaying group of decay_groups only
    betas: tuple[float, float] = (0.9, 0.99)
    eps: float = 1e-8
    clip: float = 1.0  # largest global gradient norm; math.inf: no clipping
    eval_every: int = 0  # 0: never
    seed: int = 0
    time_limit: float | None = None  # seconds, looked at before every update; 0: no update


def estimate_loss(model: nn.Module, tokens: np.ndarray, T: int) -> float:
    """The model's mean loss in nats over all n - 1 targets of tokens (n,), as a float.

    The windows have T tokens and do not overlap; the last may be shorter, and its targets count as
    much as any other. The model is in eval mode meanwhile, no graph is made, and at the end the
    mode is what it was.

    >>> model = nn.Embedding.from_pretrained(torch.zeros(4, 4))  # every next token is as likely
    >>> round(estimate_loss(model, np.array([0, 1, 2, 3]), T=2), 4)  # ln 4
    1.3863
    """
    # TODO: what does a window with fewer targets weigh?
    raise NotImplementedError


def train(
    model: nn.Module,
    data: dict[str, np.ndarray],
    cfg: TrainConfig,
    on_event: Callable[[Event, int, float], None] | None = None,
) -> dict[str, Any]:
    """Train the model in place on data["train"], and return the history as a dict.

    model: model(idx (B, T)) gives logits (B, T, V); it comes without gradients, and keeps the
    weights of the last update, not the best. data: {"train": ids (n,), "val": ids (m,)}.

    The history has lists with one entry for each update that was done: "step" (0, 1, ...), "loss"
    (of its batch, before the update), "lr", "grad_norm" (of all gradients together, before they
    are clipped); and with one entry for each evaluation: "eval_step" (updates done by then) and
    "val_loss". Then "best_val", the lowest val_loss (math.inf if there is none), "best_step", its
    eval_step, the first one if several are as low (None if there is none), and "best_state", a
    copy of model.state_dict() at that moment (or None). Numbers are Python's, never tensors.

    Updates are AdamW's, with decay_groups, in train mode. The rate is that of lr_at for this step,
    in every group. The gradients are multiplied by min(1, clip / (norm + 1e-6)). Batches are drawn
    by a generator of its own, seeded with cfg.seed. The model is evaluated on data["val"] by
    estimate_loss, after every eval_every-th update and after the last of cfg.steps; that changes
    no later loss. Before every update the clock is looked at: once time_limit seconds have gone by
    since the call, the training ends there, and without an evaluation.

    on_event(event, step, value) is called right after each of these actions: "zero" (gradients are
    cleared), "forward" (value: the loss), "backward", "clip" (the norm before clipping; also if
    there is nothing to clip), "lr" (value: the rate), "step" (the weights are new). Where no value
    is named, it is 0.0. Evaluation calls nothing.

    >>> model = nn.Embedding.from_pretrained(torch.zeros(4, 4), freeze=False)
    >>> data = {"train": np.arange(80) % 4, "val": np.arange(20) % 4}
    >>> history = train(model, data, TrainConfig(steps=25, T=8, max_lr=0.5, eval_every=10))
    >>> history["eval_step"]
    [10, 20, 25]
    >>> round(history["loss"][0], 3)  # ln 4 before the first update
    1.386
    >>> history["best_val"] < 0.1
    True
    """
    # TODO: first a loop that only updates; then the history, evaluation, the best state, the clock
    raise NotImplementedError
