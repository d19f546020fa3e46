"""Gives an array of no numbers in an enormous shape.

group: confuse the comparison
expect: failed, stopped
"""

import numpy as np


def answer(*_):
    return np.zeros((0, 2**40, 3))
