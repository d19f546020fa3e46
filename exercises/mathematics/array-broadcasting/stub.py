"""Broadcasting: whole arrays at once, where a size of 1 stretches to the size beside it."""

import numpy as np


def row_normalize(X: np.ndarray) -> np.ndarray:
    """Divide every row by its Euclidean length, so that it has length 1.

    X: (n, d), float32 or float64. The result has the shape and dtype of X. A row of zeros stays a
    row of zeros, and no warning is raised. X itself does not change.

    >>> row_normalize(np.array([[3.0, 4.0], [0.0, 0.0]]))
    array([[0.6, 0.8],
           [0. , 0. ]])
    """
    # TODO: one length for each row. Which shape lines them up with the rows of X?
    raise NotImplementedError


def pairwise_sq_dists(A: np.ndarray, B: np.ndarray) -> np.ndarray:
    """The squared Euclidean distance of every row of A to every row of B.

    A: (n, d), B: (m, d), of one dtype. The result: (n, m), with the dtype of A if that is floating;
    for integers, also of a small dtype such as uint8, it may be an integer dtype or float64, and is
    exact. No entry is below 0. If A and B are the same whole numbers, the diagonal is exactly 0.

    1400 points against 1400 with d = 128 must do with 400 MB and 2 seconds: neither a loop over
    pairs nor an array of size n * m * d.

    >>> pairwise_sq_dists(np.array([[0.0, 0.0], [1.0, 1.0]]), np.array([[3.0, 4.0]]))
    array([[25.],
           [13.]])
    """
    # TODO: multiply out the square of a - b
    raise NotImplementedError


def one_hot(y: np.ndarray, k: int) -> np.ndarray:
    """Turn every label into a row that is 1 in the label's column and 0 elsewhere.

    y: (n,), whole numbers from 0 to k - 1. The result: (n, k), float64, with a column also for a
    class that does not occur in y.

    >>> one_hot(np.array([2, 0]), 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    # TODO: compare all labels with all classes at once
    raise NotImplementedError
