"""Gives the judge's function what is too deep, too long, too large, or holds itself.

group: attack the host
expect: failed
"""

import numpy as np


def answer(x):
    if callable(x):
        deep = itself = []
        for _ in range(500):
            deep = [deep]
        itself.append(itself)
        given = (deep, itself, 1 << (1 << 22), slice(1 << 80), np.zeros(1 << 23))
        for one in given:
            try:
                x(one)
            except ValueError:
                pass
        x(deep)
    return x
