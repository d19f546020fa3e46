"""Takes more memory than there is.

group: exhaust
expect: stopped
says: memory
"""

import numpy as np


def answer(*_):
    return np.ones(1 << 40)
