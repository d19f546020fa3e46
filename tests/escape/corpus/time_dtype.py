"""Gives times, of which one kind is never equal.

group: confuse the comparison
expect: failed
"""

import numpy as np


def answer(*_):
    return np.full((2, 3), np.datetime64("NaT"))
