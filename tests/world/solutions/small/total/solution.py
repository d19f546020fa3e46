"""Add up an array."""

import numpy as np


def total(x: np.ndarray, axis: int = 0) -> np.ndarray:
    """The sum of `x` along `axis`: (n, m) -> (m,) or (n,)."""
    return np.add.reduce(x, axis=axis)
