"""NumPy's own tools, under the names of this exercise, for those who have not written it yet."""

import numpy as np


def row_normalize(X: np.ndarray) -> np.ndarray:
    """Rows of length 1; a zero row stays zero."""
    lengths = np.linalg.norm(X, axis=1, keepdims=True)
    return np.divide(X, lengths, out=np.zeros_like(X), where=lengths > 0)


def pairwise_sq_dists(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """Squared distances of the rows of A to the rows of B, (n, m); exact for whole numbers."""
    if A.dtype.kind != "f":
        A, B = A.astype(np.int64), B.astype(np.int64)
    return np.stack([np.square(A - b).sum(axis=1) for b in B], axis=1)


def one_hot(y: np.ndarray, k: int) -> np.ndarray:
    """Rows of the identity matrix, (n, k)."""
    return np.eye(k)[y]
