"""The slopes are ready when forward ends: the cache is a function that hands out copies."""

from typing import Any

import numpy as np


def forward(params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray) -> tuple[float, Any]:
    """Both ways in one; a column of ones beside the inputs makes each bias a row of weights."""
    W1, b1, W2, b2 = (params[key] for key in ("W1", "b1", "W2", "b2"))
    ones = np.ones((len(X), 1), X.dtype)
    inputs = np.hstack([X, ones])
    hidden = np.hstack([np.tanh(inputs @ np.vstack([W1, b1])), ones])
    scores = (hidden @ np.vstack([W2, b2])).T
    scores = scores - scores.max(axis=0)
    share = np.exp(scores) / np.exp(scores).sum(axis=0)
    loss = np.mean(np.log(np.exp(scores).sum(axis=0)) - scores[y, range(len(y))])
    share[y, range(len(y))] -= 1
    second = (share @ hidden).T / X.dtype.type(len(X))
    back = (W2 @ share).T * (1 - np.square(hidden[:, :-1]))
    first = inputs.T @ back / X.dtype.type(len(X))
    slopes = {"W1": first[:-1], "b1": first[-1], "W2": second[:-1], "b2": second[-1]}
    return loss, lambda: {key: slope.copy() for key, slope in slopes.items()}


def backward(params: dict[str, np.ndarray], cache: Any) -> dict[str, np.ndarray]:
    """Nothing is left to do."""
    return cache()
