"""Makes an array of records of the array that it is given.

group: confuse the comparison
expect: failed
"""

import numpy as np


def answer(x):
    if not callable(x):
        x.dtype = np.dtype("V8")
    return x
