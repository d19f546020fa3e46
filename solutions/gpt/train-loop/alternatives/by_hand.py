"""AdamW, schedule, clipping and loss by hand; gradients come from torch.autograd.grad."""

import math
import time
from dataclasses import dataclass, field

import numpy as np
import torch


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


@dataclass
class Diary:
    step: list = field(default_factory=list)
    loss: list = field(default_factory=list)
    lr: list = field(default_factory=list)
    grad_norm: list = field(default_factory=list)
    eval_step: list = field(default_factory=list)
    val_loss: list = field(default_factory=list)
    best_val: float = math.inf
    best_step: int | None = None
    best_state: dict | None = None


def nats(model, x, y):
    log_p = model(x).log_softmax(-1)
    return -log_p.gather(-1, y.unsqueeze(-1)).squeeze(-1)


def estimate_loss(model, tokens, T):
    n, mode = len(tokens), model.training
    ids = torch.from_numpy(np.asarray(tokens).astype(np.int64))
    full = (n - 1) // T  # windows without a gap go through the model in one batch
    model.train(False)
    total = 0.0
    with torch.inference_mode():
        if full:
            x, y = ids[: full * T].view(full, T), ids[1 : full * T + 1].view(full, T)
            total += nats(model, x, y).sum().item()
        if full * T < n - 1:
            x, y = ids[full * T : -1], ids[full * T + 1 :]
            total += nats(model, x[None], y[None]).sum().item()
    model.train(mode)
    return total / (n - 1)


def update(p, grad, state, lr, decay, cfg):
    m, v, t = state.get(p, (torch.zeros_like(p), torch.zeros_like(p), 0))
    (b1, b2), t = cfg.betas, t + 1
    m, v = b1 * m + (1 - b1) * grad, b2 * v + (1 - b2) * grad * grad
    state[p] = m, v, t
    root = (v / (1 - b2**t)).sqrt() + cfg.eps
    p -= lr * (decay * p + m / (1 - b1**t) / root)


def rate(step, cfg):
    if step < cfg.warmup:
        return step / cfg.warmup * cfg.max_lr
    angle = math.pi * (step - cfg.warmup) / (cfg.steps - cfg.warmup)
    share = (1 + math.cos(angle)) / 2
    return share * cfg.max_lr + (1 - share) * cfg.min_lr


def train(model, data, cfg, on_event=None):
    begin, diary, state = time.time(), Diary(), {}
    generator = torch.Generator().manual_seed(cfg.seed)
    params = [p for p in model.parameters() if p.requires_grad]
    text, places = data["train"], len(data["train"]) - cfg.T

    def say(event, value=0.0):
        if on_event:
            on_event(event, step, value)

    for step in range(cfg.steps):
        if cfg.time_limit is not None and time.time() >= begin + cfg.time_limit:
            break
        starts = (torch.rand(cfg.batch, generator=generator) * places).long().tolist()
        rows = np.array([text[i : i + cfg.T + 1] for i in starts], dtype=np.int64)
        rows = torch.from_numpy(rows)
        model.train()
        loss = nats(model, rows[:, :-1], rows[:, 1:]).mean()
        say("forward", loss.item())
        say("zero")  # nothing is ever left in .grad
        grads = torch.autograd.grad(loss, params)
        say("backward")
        norm = math.sqrt(sum(float(g.pow(2).sum()) for g in grads))
        factor = min(1.0, cfg.clip / (norm + 1e-6))
        grads = [g * factor for g in grads]
        say("clip", norm)
        lr = rate(step, cfg)
        say("lr", lr)
        with torch.no_grad():
            for p, g in zip(params, grads, strict=True):
                update(p, g, state, lr, cfg.weight_decay if p.ndim > 1 else 0.0, cfg)
        say("step")
        diary.step += [step]
        diary.loss += [loss.item()]
        diary.lr += [lr]
        diary.grad_norm += [norm]
        look(model, data["val"], cfg, step + 1, diary)
    return vars(diary)


def look(model, val, cfg, done, diary):
    if cfg.eval_every == 0 or (done % cfg.eval_every and done != cfg.steps):
        return
    loss = estimate_loss(model, val, cfg.T)
    diary.eval_step.append(done)
    diary.val_loss.append(loss)
    if loss < diary.best_val:
        diary.best_val, diary.best_step = loss, done
        diary.best_state = {k: torch.clone(v) for k, v in model.state_dict().items()}
