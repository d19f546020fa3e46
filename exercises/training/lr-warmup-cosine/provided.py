"""The schedule as a table out of NumPy's ramp and window, for those who have not written it yet."""

from functools import cache

import numpy as np


@cache
def _table(max_lr: float, min_lr: float, warmup: int, total: int) -> np.ndarray:
    """The rates of steps 0..total."""
    ramp = np.linspace(0.0, max_lr, warmup, endpoint=False)
    wave = np.hanning(2 * (total - warmup) + 1)[total - warmup :]  # the half that falls
    return np.concatenate([ramp, min_lr + (max_lr - min_lr) * wave])


def lr_at(step: int, max_lr: float, min_lr: float, warmup: int, total: int) -> float:
    """The learning rate of one update; steps are counted from 0."""
    if step >= total:
        return float(min_lr)
    return float(_table(max_lr, min_lr, warmup, total)[step])
