"""Gives an array that is laid over itself.

group: confuse the comparison
expect: failed
"""

import numpy as np


def answer(*_):
    return np.lib.stride_tricks.as_strided(np.ones(1), (2, 3), (0, 0))
