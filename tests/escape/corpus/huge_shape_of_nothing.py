"""Gives a trillion rows with nothing in them.

group: attack the host
expect: failed, stopped
"""

import numpy as np


def answer(*_):
    return np.zeros((2**40, 0))
