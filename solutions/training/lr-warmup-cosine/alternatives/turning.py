"""The cosine as the real part of a number on the unit circle, turned by π in `total - warmup`."""

import cmath


class _Schedule:
    """What stays the same from step to step."""

    def __init__(self, max_lr: float, min_lr: float, warmup: int, total: int) -> None:
        self.max_lr, self.min_lr = float(max_lr), float(min_lr)
        self.warmup, self.total = warmup, total

    def rising(self, step: int) -> float:
        return step / self.warmup * self.max_lr

    def falling(self, step: int) -> float:
        point = cmath.rect(1.0, cmath.pi * (step - self.warmup) / (self.total - self.warmup))
        return (self.max_lr * (1 + point.real) + self.min_lr * (1 - point.real)) / 2

    def __call__(self, step: int) -> float:
        if step in range(self.warmup):
            return self.rising(step)
        if step in range(self.warmup, self.total):
            return self.falling(step)
        return self.min_lr


def lr_at(step: int, max_lr: float, min_lr: float, warmup: int, total: int) -> float:
    """The learning rate of one update."""
    return _Schedule(max_lr, min_lr, warmup, total)(step)
