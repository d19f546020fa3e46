"""The three pieces as NumPy's piecewise function; the result is a 0-d array."""

import numpy as np


def lr_at(step: int, max_lr: float, min_lr: float, warmup: int, total: int) -> np.ndarray:
    """The learning rate of one update."""
    s = np.asarray(step, dtype=np.float64)
    middle, radius = (max_lr + min_lr) / 2, (max_lr - min_lr) / 2

    def up(s: np.ndarray) -> np.ndarray:
        return np.interp(s, [0, warmup], [0.0, max_lr])

    def down(s: np.ndarray) -> np.ndarray:
        angle = np.pi * (s - warmup) / (total - warmup)
        return middle + radius * np.cos(angle)

    return np.piecewise(s, [s < warmup, (s >= warmup) & (s < total)], [up, down, float(min_lr)])
