"""Gives an array of objects that are equal to all.

group: confuse the comparison
expect: failed
"""

import numpy as np


class Always:
    def __eq__(self, _):
        return True

    def __sub__(self, _):
        return 0.0

    __rsub__ = __sub__


def answer(*_):
    return np.array([[Always()] * 3] * 2, dtype=object)
