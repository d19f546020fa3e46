"""Backpropagation by hand: forward read from the bottom up, one slope for each of its lines."""

from typing import Any

import numpy as np


def forward(params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray) -> tuple[float, Any]:
    """Mean cross-entropy of a network with one hidden layer of tanh units, and a cache."""
    h = np.tanh(X @ params["W1"] + params["b1"])  # (N, H)
    logits = h @ params["W2"] + params["b2"]  # (N, V)
    z = logits - logits.max(axis=1, keepdims=True)  # (N, V), the largest of each row is 0
    log_p = z - np.log(np.exp(z).sum(axis=1, keepdims=True))  # (N, V)
    loss = -log_p[np.arange(len(y)), y].mean()
    return float(loss), (X, y, h, log_p)


def backward(params: dict[str, np.ndarray], cache: Any) -> dict[str, np.ndarray]:
    """The slopes of the mean loss; each has the shape of the array that it belongs to."""
    X, y, h, log_p = cache
    dlogits = np.exp(log_p)  # (N, V), softmax and cross-entropy together have the slope p - q
    dlogits[np.arange(len(y)), y] -= 1  # where q is 1 at the label
    dlogits /= len(y)  # the 1/N of the mean, here and nowhere else
    dh = dlogits @ params["W2"].T  # (N, H)
    dz = dh * (1 - h**2)  # (N, H), the slope of tanh from its output
    return {
        "W1": X.T @ dz,  # (D, H), the product adds up over the examples
        "b1": dz.sum(axis=0),  # (H,), and so must a bias, which every example shares
        "W2": h.T @ dlogits,  # (H, V)
        "b2": dlogits.sum(axis=0),  # (V,)
    }
