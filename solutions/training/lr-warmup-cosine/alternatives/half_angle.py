"""One expression: the way is clamped to 0..1, and (1 + cos x) / 2 is cos² of half the angle."""

from math import cos, pi


def lr_at(step: int, max_lr: float, min_lr: float, warmup: int, total: int) -> float:
    """The learning rate of one update."""
    way = min(1.0, (step - warmup) / max(1, total - warmup)) if step < total else 1.0
    down = min_lr + (max_lr - min_lr) * cos(pi * way / 2) ** 2
    return down if step >= warmup else step * (max_lr / warmup)
