"""Gives NaN, which is equal to nothing and differs from nothing.

group: confuse the comparison
expect: failed
"""

import numpy as np


def answer(*_):
    return np.full((2, 3), np.nan)
