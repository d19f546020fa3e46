"""Learning rate: up in a straight line, then down along half a wave of the cosine."""

import math


def lr_at(step: int, max_lr: float, min_lr: float, warmup: int, total: int) -> float:
    """The learning rate of one update; steps are counted from 0.

    The two early returns come first, so that neither division below can meet a 0: a step is below
    `warmup` only if warmup > 0, and from `warmup` to below `total` only if total > warmup.
    """
    if step < warmup:
        return max_lr * step / warmup
    if step >= total:
        return min_lr
    t = (step - warmup) / (total - warmup)  # 0 at the top, 1 at the end
    share = (1 + math.cos(math.pi * t)) / 2  # of the drop, what is left: from 1 to 0
    return min_lr + share * (max_lr - min_lr)
