"""Backpropagation by hand: the gradients of a network with one hidden layer, in plain NumPy."""

from typing import Any

import numpy as np


def forward(params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray) -> tuple[float, Any]:
    """Linear, tanh, linear, softmax cross-entropy: the mean loss, and what backward will need.

    params: "W1" (D, H), "b1" (H,), "W2" (H, V), "b2" (V,). X: (N, D). y: (N,), whole numbers from
    0 to V - 1. N may be 1, and logits may be large: the loss stays finite. No loop over examples:
    twenty batches of 25,000, forward and backward, must do with 1 second.

    Returns the loss in nats, averaged over the N examples, and a cache: whatever you like (a tuple,
    a dict, an object). Its arrays hold together at most 4 * N * (D + H + V) numbers, besides copies
    of the parameters: nothing of size N * V * H.

    >>> W2, b2 = np.array([[1.0, -1.0]]), np.array([np.log(3) - 0.6, 0.6])
    >>> params = {"W1": np.array([[np.log(2)]]), "b1": np.zeros(1), "W2": W2, "b2": b2}
    >>> loss, cache = forward(params, np.array([[1.0]]), np.array([0]))
    >>> round(float(loss), 4)
    0.2877
    """
    # TODO: keep what the slopes will be made of
    raise NotImplementedError


def backward(params: dict[str, np.ndarray], cache: Any) -> dict[str, np.ndarray]:
    """The slope of the mean loss for every number in params: the same keys, shapes and dtype.

    cache: as forward returned it. It may be handed in twice, and after other calls of forward, so
    it must not change. A key "X" with the slopes for X, (N, D), may be added.

    >>> W2, b2 = np.array([[1.0, -1.0]]), np.array([np.log(3) - 0.6, 0.6])
    >>> params = {"W1": np.array([[np.log(2)]]), "b1": np.zeros(1), "W2": W2, "b2": b2}
    >>> loss, cache = forward(params, np.array([[1.0]]), np.array([0]))
    >>> backward(params, cache)["W2"].round(4)
    array([[-0.15,  0.15]])
    """
    # TODO: read your forward from its last line to its first
    raise NotImplementedError
