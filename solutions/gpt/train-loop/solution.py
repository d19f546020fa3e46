"""The training loop: batch after batch through a language model, and a diary of how it went."""

from __future__ import annotations

import copy
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import nn
from training.adamw import AdamW, decay_groups
from training.lm_batches import get_batch, iter_eval_windows, lm_loss
from training.lr_warmup_cosine import lr_at

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
    """Each window's mean counts as often as it has targets, since the last may have fewer."""
    mode, total = model.training, 0.0
    model.eval()
    with torch.no_grad():
        for x, y in iter_eval_windows(tokens, T):
            total += len(y) * lm_loss(model(x[None]), y[None]).item()
    model.train(mode)
    return total / (len(tokens) - 1)


def train(
    model: nn.Module,
    data: dict[str, np.ndarray],
    cfg: TrainConfig,
    on_event: Callable[[Event, int, float], None] | None = None,
) -> dict[str, Any]:
    """Train in place. A tensor in the history would keep its graph alive: hence item()."""
    start, tell = time.monotonic(), on_event or (lambda *_: None)
    optimizer = AdamW(decay_groups(model, cfg.weight_decay), betas=cfg.betas, eps=cfg.eps)
    generator = torch.Generator().manual_seed(cfg.seed)
    history: dict[str, Any] = {name: [] for name in ("step", "loss", "lr", "grad_norm")}
    history |= {"eval_step": [], "val_loss": []}
    history |= {"best_val": math.inf, "best_step": None, "best_state": None}
    model.train()
    for step in range(cfg.steps):
        if cfg.time_limit is not None and time.monotonic() - start >= cfg.time_limit:
            break
        x, y = get_batch(data["train"], cfg.batch, cfg.T, generator)
        optimizer.zero_grad()
        tell("zero", step, 0.0)
        loss = lm_loss(model(x), y)
        tell("forward", step, loss.item())
        loss.backward()
        tell("backward", step, 0.0)
        norm = nn.utils.clip_grad_norm_(model.parameters(), cfg.clip)  # before clipping
        tell("clip", step, norm.item())
        lr = lr_at(step, cfg.max_lr, cfg.min_lr, cfg.warmup, cfg.steps)
        for group in optimizer.param_groups:
            group["lr"] = lr
        tell("lr", step, lr)
        optimizer.step()
        tell("step", step, 0.0)
        history["step"].append(step)
        history["loss"].append(loss.item())
        history["lr"].append(lr)
        history["grad_norm"].append(norm.item())
        done = step + 1
        if cfg.eval_every and (done % cfg.eval_every == 0 or done == cfg.steps):
            val = estimate_loss(model, data["val"], cfg.T)
            history["eval_step"].append(done)
            history["val_loss"].append(val)
            if val < history["best_val"]:
                state = copy.deepcopy(model.state_dict())  # it holds the weights themselves
                history.update(best_val=val, best_step=done, best_state=state)
    return history
