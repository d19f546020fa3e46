"""Returns more than a reply may hold.

group: exhaust
expect: failed, stopped
"""

import numpy as np


def answer(*_):
    return np.zeros(1 << 21)
