"""Returns views that point outside of themselves, backwards and over each other.

group: confuse the comparison
expect: failed
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided


def answer(*_):
    base = np.ones(6)
    return as_strided(base[::-1], (2, 3), (-8, 0))
