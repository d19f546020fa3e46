"""Gives truth values whose bytes are neither 0 nor 1, so that they count more than they are.

group: confuse the comparison
expect: failed
"""

import numpy as np


def answer(*_):
    return np.full((2, 3), 255, np.uint8).view(bool)
