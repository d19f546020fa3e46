"""A generator function yields batches, updates are a closure, and records are turned into lists."""

import copy
import itertools
import math
import time
from dataclasses import dataclass

import torch
from training.adamw import AdamW, decay_groups
from training.lm_batches import get_batch, iter_eval_windows, lm_loss
from training.lr_warmup_cosine import lr_at


@dataclass
class TrainConfig:
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


def estimate_loss(model, tokens, T):
    modes = {module: module.training for module in model.modules()}
    try:
        with torch.no_grad():
            pairs = [
                (lm_loss(model.eval()(x[None]), y[None]).item(), len(y))
                for x, y in iter_eval_windows(tokens, T)
            ]
    finally:
        for module, mode in modes.items():
            module.training = mode
    return math.fsum(loss * count for loss, count in pairs) / sum(count for _, count in pairs)


def batches(tokens, cfg):
    generator = torch.Generator().manual_seed(cfg.seed)
    while True:
        yield get_batch(tokens, cfg.batch, cfg.T, generator)


def clip_(params, limit):
    grads = [p.grad for p in params if p.grad is not None]
    norm = torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in grads]))
    if limit / (norm + 1e-6) < 1:
        for grad in grads:
            grad *= limit / (norm + 1e-6)
    return norm.item()


def train(model, data, cfg, on_event=None):
    deadline = None if cfg.time_limit is None else time.monotonic() + cfg.time_limit
    optimizer = AdamW(decay_groups(model, cfg.weight_decay), betas=cfg.betas, eps=cfg.eps)
    told = on_event or (lambda *event: event)

    def update(step, x, y):
        for group in optimizer.param_groups:
            group["lr"] = lr_at(step, cfg.max_lr, cfg.min_lr, cfg.warmup, cfg.steps)
        told("lr", step, group["lr"])
        loss = lm_loss(model(x), y)
        told("forward", step, loss.item())
        optimizer.zero_grad()
        told("zero", step, 0.0)
        loss.backward()
        told("backward", step, 0.0)
        norm = clip_(list(model.parameters()), cfg.clip)
        told("clip", step, norm)
        optimizer.step()
        told("step", step, 0.0)
        return step, loss.item(), group["lr"], norm

    records, looks, best = [], [], None
    model.train()
    for step, (x, y) in zip(range(cfg.steps), batches(data["train"], cfg), strict=False):
        if deadline is not None and time.monotonic() >= deadline:
            break
        records.append(update(step, x, y))
        if cfg.eval_every and step + 1 in {*range(0, cfg.steps, cfg.eval_every), cfg.steps}:
            looks.append((step + 1, estimate_loss(model, data["val"], cfg.T)))
            if best is None or looks[-1][1] < min(value for _, value in looks[:-1]):
                best = copy.deepcopy(model.state_dict())
    at, value = min(looks, key=lambda look: look[1], default=(None, math.inf))
    names = ("step", "loss", "lr", "grad_norm")
    history = {name: [record[i] for record in records] for i, name in enumerate(names)}
    return history | {
        "eval_step": [done for done, _ in looks],
        "val_loss": list(itertools.starmap(lambda _, loss: loss, looks)),
        "best_val": value,
        "best_step": at,
        "best_state": best,
    }
