"""Gives an array of as many axes as there can be.

group: confuse the comparison
expect: failed, stopped
"""

import numpy as np


def answer(*_):
    return np.zeros((1,) * 32)
