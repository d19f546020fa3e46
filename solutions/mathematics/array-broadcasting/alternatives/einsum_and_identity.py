"""Einstein sums, the error state instead of a test for zero, and rows of the identity."""

import numpy as np


def row_normalize(X: np.ndarray) -> np.ndarray:
    """Divide first, and put the zero rows right afterwards."""
    with np.errstate(invalid="ignore"):
        unit = X / np.linalg.norm(X, axis=-1)[:, np.newaxis]
    return np.nan_to_num(unit)


def pairwise_sq_dists(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """The binomial formula, in place, on the matrix of products."""
    wide = A.dtype if A.dtype.kind == "f" else np.dtype(np.int64)
    A, B = A.astype(wide), B.astype(wide)
    out = np.einsum("id,jd->ij", A, B, optimize=True)
    out *= -2
    out += np.einsum("id,id->i", A, A).reshape(-1, 1)
    out += np.einsum("jd,jd->j", B, B)
    return np.where(out < 0, 0, out).astype(wide)


def one_hot(y: np.ndarray, k: int) -> np.ndarray:
    """Choose rows of the identity matrix."""
    return np.identity(k).take(y, axis=0)
