"""Gives numbers of a width and order of their own.

group: confuse the comparison
expect: failed
"""

import numpy as np


def answer(x):
    return np.ones((2, 3), dtype=">f8") if x is None else np.ones((2, 3), np.longdouble) * np.nan
