"""Returns one large array a hundred thousand times.

group: attack the host
expect: failed, stopped
"""

import numpy as np


def answer(*_):
    return [np.zeros(100_000)] * 100_000
