"""Gives infinities, from which every distance is infinite or none.

group: confuse the comparison
expect: failed
"""

import numpy as np


def answer(*_):
    return np.full((2, 3), np.inf)
