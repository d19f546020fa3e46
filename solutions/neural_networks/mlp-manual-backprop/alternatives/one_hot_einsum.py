"""One-hot targets, Einstein sums with an axis named by a letter, and a dict as the cache."""

from typing import Any

import numpy as np


def forward(params: dict[str, np.ndarray], X: np.ndarray, y: np.ndarray) -> tuple[float, Any]:
    """Cross-entropy of one-hot targets q with the softmax p."""
    z = np.einsum("nd,dh->nh", X, params["W1"]) + params["b1"]
    h = np.tanh(z)
    logits = np.einsum("nh,hv->nv", h, params["W2"]) + params["b2"]
    logits = logits - logits.max(1)[:, None]
    q = (y[:, None] == np.arange(logits.shape[1])).astype(logits.dtype)
    total = np.exp(logits).sum(1)
    loss = (np.log(total) - (q * logits).sum(1)).sum() / len(y)
    return loss, {"X": X, "z": z, "p": np.exp(logits) / total[:, None], "q": q}


def backward(params: dict[str, np.ndarray], cache: Any) -> dict[str, np.ndarray]:
    """Every slope is a sum over n; the slope of tanh is 1 / cosh^2 of its input."""
    g = (cache["p"] - cache["q"]) / len(cache["X"])
    h = np.tanh(cache["z"])
    slope = 1 / np.cosh(np.clip(cache["z"], -40, 40)) ** 2
    gz = np.einsum("nv,hv,nh->nh", g, params["W2"], slope, optimize=True)
    return {
        "b2": np.einsum("nv->v", g),
        "W2": np.einsum("nh,nv->hv", h, g),
        "b1": np.einsum("nh->h", gz),
        "W1": np.einsum("nd,nh->dh", cache["X"], gz),
    }
