"""A training loop on torch's optimizer, schedule and clipping, for those without one of their own.

It stands by itself, so that it works whatever has become of the earlier answers.
"""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

Event = Literal["zero", "forward", "backward", "clip", "lr", "step"]


@dataclass
class TrainConfig:
    """All settings of one training."""

    steps: int = 100
    batch: int = 8
    T: int = 32
    max_lr: float = 1e-3
    min_lr: float = 0.0
    warmup: int = 0
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.99)
    eps: float = 1e-8
    clip: float = 1.0
    eval_every: int = 0
    seed: int = 0
    time_limit: float | None = None


def estimate_loss(model: nn.Module, tokens: np.ndarray, T: int) -> float:
    """Mean nats over every target once, in eval mode; the mode comes back."""
    ids = torch.from_numpy(np.array(tokens, dtype=np.int64))
    mode, total = model.training, 0.0
    model.eval()
    try:
        with torch.no_grad():
            for x, y in zip(ids[:-1].split(T), ids[1:].split(T), strict=True):
                total += F.cross_entropy(model(x[None])[0], y, reduction="sum").item()
    finally:
        model.train(mode)
    return total / (len(ids) - 1)


def _batches(data: np.ndarray, cfg: TrainConfig) -> Callable[[], Tensor]:
    """A function that draws rows (batch, T + 1) from a generator of its own."""
    if len(data) < cfg.T + 1:
        raise ValueError(f"{len(data)} tokens are too few for rows of {cfg.T}")
    generator = torch.Generator().manual_seed(cfg.seed)
    windows = np.lib.stride_tricks.sliding_window_view(data, cfg.T + 1)

    def draw() -> Tensor:
        picked = torch.randint(len(windows), (cfg.batch,), generator=generator).numpy()
        return torch.from_numpy(windows[picked].astype(np.int64))

    return draw


def _optimizer(model: nn.Module, cfg: TrainConfig) -> torch.optim.AdamW:
    """AdamW at the rate 1, for the schedule to scale, over a group that decays and one not."""
    params = list(model.parameters())
    groups = [
        {"params": [p for p in params if p.ndim >= 2], "weight_decay": cfg.weight_decay},
        {"params": [p for p in params if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW([g for g in groups if g["params"]], betas=cfg.betas, eps=cfg.eps)


def _rate(step: int, cfg: TrainConfig) -> float:
    """The warm-up, then half a wave of the cosine."""
    if step < cfg.warmup:
        return cfg.max_lr * step / cfg.warmup
    way = (step - cfg.warmup) / (cfg.steps - cfg.warmup)
    return cfg.min_lr + (cfg.max_lr - cfg.min_lr) * (1 + math.cos(math.pi * way)) / 2


def train(
    model: nn.Module,
    data: dict[str, np.ndarray],
    cfg: TrainConfig,
    on_event: Callable[[Event, int, float], None] | None = None,
) -> dict[str, Any]:
    """Train the model in place, and return the history."""
    start, tell = time.monotonic(), on_event or (lambda *_: None)
    draw, optimizer = _batches(data["train"], cfg), _optimizer(model, cfg)
    params = [p for group in optimizer.param_groups for p in group["params"]]
    lists = ("step", "loss", "lr", "grad_norm", "eval_step", "val_loss")
    history: dict[str, Any] = {name: [] for name in lists}
    history |= {"best_val": math.inf, "best_step": None, "best_state": None}
    model.train()
    for step in range(cfg.steps):
        if cfg.time_limit is not None and time.monotonic() - start >= cfg.time_limit:
            break
        rows = draw()
        optimizer.zero_grad()
        tell("zero", step, 0.0)
        loss = F.cross_entropy(model(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
        tell("forward", step, loss.item())
        loss.backward()
        tell("backward", step, 0.0)
        norm = nn.utils.clip_grad_norm_(params, cfg.clip).item()
        tell("clip", step, norm)
        lr = _rate(step, cfg)
        for group in optimizer.param_groups:
            group["lr"] = lr
        tell("lr", step, lr)
        optimizer.step()
        tell("step", step, 0.0)
        for name, value in zip(lists, (step, loss.item(), lr, norm), strict=False):
            history[name].append(value)
        done = step + 1
        if cfg.eval_every and (done % cfg.eval_every == 0 or done == cfg.steps):
            _evaluate(model, data["val"], cfg.T, done, history)
    return history


def _evaluate(
    model: nn.Module, tokens: np.ndarray, T: int, done: int, history: dict[str, Any]
) -> None:
    """Note the loss on tokens, and keep a copy of the state if it is the best so far."""
    value = estimate_loss(model, tokens, T)
    history["eval_step"].append(done)
    history["val_loss"].append(value)
    if value < history["best_val"]:
        state = copy.deepcopy(dict(model.state_dict()))
        history.update(best_val=value, best_step=done, best_state=state)
