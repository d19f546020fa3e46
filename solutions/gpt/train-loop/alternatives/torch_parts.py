"""torch's optimizer, schedule and clipping; gradients are cleared at the end of an update."""

import math
import time
from collections import defaultdict
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch.optim.lr_scheduler import LambdaLR


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


@torch.no_grad()
def estimate_loss(model, tokens, T):
    before = model.training
    model.eval()
    ids = torch.as_tensor(tokens).long()
    losses = [
        F.cross_entropy(model(x.unsqueeze(0)).squeeze(0), y, reduction="none")
        for x, y in zip(ids[:-1].split(T), ids[1:].split(T), strict=True)
    ]
    if before:
        model.train()
    return torch.cat(losses).mean().item()


def wave(cfg):
    def at(step):
        if step < cfg.warmup:
            return cfg.max_lr * step / cfg.warmup
        way = min(1.0, (step - cfg.warmup) / max(1, cfg.steps - cfg.warmup))
        return cfg.min_lr + 0.5 * (1 + math.cos(math.pi * way)) * (cfg.max_lr - cfg.min_lr)

    return at


def train(model, data, cfg, on_event=None):
    end = math.inf if cfg.time_limit is None else time.perf_counter() + cfg.time_limit
    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": others, "weight_decay": 0.0}, {"params": matrices}]
    optimizer = torch.optim.AdamW(
        groups, lr=1.0, betas=cfg.betas, eps=cfg.eps, weight_decay=cfg.weight_decay
    )
    schedule = LambdaLR(optimizer, wave(cfg))
    ids = torch.as_tensor(data["train"]).long()
    pick = torch.Generator()
    pick.manual_seed(cfg.seed)
    lists, best = defaultdict(list), (math.inf, None, None)
    emit = on_event if on_event is not None else lambda *_: None
    for step in range(cfg.steps):
        if time.perf_counter() >= end:
            break
        model.train()
        emit("lr", step, schedule.get_last_lr()[0])
        lists["lr"].append(schedule.get_last_lr()[0])
        starts = torch.randint(len(ids) - cfg.T, (cfg.batch,), generator=pick)
        rows = torch.stack([ids[i : i + cfg.T + 1] for i in starts])
        logits = model(rows[:, :-1])
        loss = F.cross_entropy(logits.transpose(1, 2), rows[:, 1:])
        emit("forward", step, float(loss.detach()))
        loss.backward()
        emit("backward", step, 0.0)
        norm = float(torch.nn.utils.clip_grad_norm_(model.parameters(), cfg.clip))
        emit("clip", step, norm)
        optimizer.step()
        emit("step", step, 0.0)
        optimizer.zero_grad()
        emit("zero", step, 0.0)
        schedule.step()
        for key, value in (("step", step), ("loss", float(loss.detach())), ("grad_norm", norm)):
            lists[key].append(value)
        if cfg.eval_every > 0 and ((step + 1) % cfg.eval_every == 0 or step + 1 == cfg.steps):
            value = estimate_loss(model, data["val"], cfg.T)
            lists["val_loss"].append(value)
            lists["eval_step"].append(step + 1)
            if value < best[0]:
                best = (value, step + 1, {k: v.clone() for k, v in model.state_dict().items()})
    names = ("step", "loss", "lr", "grad_norm", "eval_step", "val_loss")
    return {name: lists[name] for name in names} | dict(
        zip(("best_val", "best_step", "best_state"), best, strict=True)
    )
