"""Leaves a thread that changes its result and its arguments while they are compared and sent.

group: confuse the comparison
expect: failed, stopped, grader-error
"""

import threading

import numpy as np

SHARED = np.zeros((2, 3))


def stir(x):
    while True:
        SHARED[...] += 1.0
        if isinstance(x, np.ndarray):
            x[...] = SHARED


def answer(x, *_):
    threading.Thread(target=stir, args=(x,), daemon=True).start()
    return SHARED
