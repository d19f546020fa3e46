"""Differences of a few rows at a time, lengths that cannot overflow, cells that are counted."""

import numpy as np


def row_normalize(X: np.ndarray) -> np.ndarray:
    """Divide by the largest entry first, so that no square overflows."""
    largest = np.abs(X).max(axis=1, keepdims=True)
    scaled = np.divide(X, largest, out=np.zeros_like(X), where=largest != 0)
    return scaled / np.maximum(np.hypot.reduce(scaled, axis=1, keepdims=True), X.dtype.type(0.5))


def pairwise_sq_dists(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Take the differences of 16 rows of A at a time: (16, m, d) and never (n, m, d)."""
    if not np.issubdtype(A.dtype, np.floating):
        A, B = A.astype(float), B.astype(float)  # exact up to 2**53
    blocks = (A[i : i + 16, None, :] - B for i in range(0, len(A), 16))  # one at a time
    return np.concatenate([np.einsum("imd,imd->im", block, block) for block in blocks])


def one_hot(y: np.ndarray, k: int) -> np.ndarray:
    """Number the cells of the table row by row, and count."""
    cells = np.bincount(np.arange(len(y)) * k + y, minlength=len(y) * k)
    return cells.reshape(len(y), k).astype(float)
