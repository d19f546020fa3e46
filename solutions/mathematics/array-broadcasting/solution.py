"""Broadcasting: put a size of 1 where an axis is missing, and the arrays line up by themselves."""

import numpy as np


def row_normalize(X: np.ndarray) -> np.ndarray:
    """Divide every row by its Euclidean length."""
    lengths = np.sqrt((X**2).sum(axis=1, keepdims=True))  # (n, 1): a column beside the rows
    return X / np.where(lengths == 0, 1, lengths)  # (n, d); 0 / 1 leaves a zero row as it is


def pairwise_sq_dists(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Use |a - b|^2 = |a|^2 + |b|^2 - 2 a.b: one matrix product instead of n * m differences."""
    if A.dtype.kind != "f":  # 200 * 200 does not fit in uint8, which would wrap around unseen
        A, B = A.astype(np.int64), B.astype(np.int64)
    a = (A**2).sum(axis=1)  # (n,)
    b = (B**2).sum(axis=1)  # (m,)
    dists = a[:, None] + b[None, :] - 2 * (A @ B.T)  # (n, 1) + (1, m) - (n, m) -> (n, m)
    return np.maximum(dists, 0)  # of two close points, rounding can leave less than nothing


def one_hot(y: np.ndarray, k: int) -> np.ndarray:
    """Ask of every label whether it is this class: k answers a row, of which one is yes."""
    return (y[:, None] == np.arange(k)).astype(np.float64)  # (n, 1) == (k,) -> (n, k)
