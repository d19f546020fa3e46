"""Gives arrays whose strides lead beyond their memory, repeat one number, or go backwards.

group: confuse the comparison
expect: failed, stopped, grader-error
"""

import numpy as np
from numpy.lib.stride_tricks import as_strided


def answer(*_):
    one = np.ones(1)
    return [
        as_strided(one, (2, 3), (0, 0)),
        as_strided(np.ones(6)[5:], (2, 3), (-24, -8)),
        as_strided(one, (1 << 20, 1 << 20), (0, 0)),
    ]
