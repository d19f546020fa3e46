"""Is an array that is equal to all arrays.

group: confuse the comparison
expect: failed
"""

import numpy as np


class Equal(np.ndarray):
    def __eq__(self, _):
        return np.ones(self.shape, bool)

    def __array_ufunc__(self, *_, **__):
        return np.zeros(self.shape)

    def __array_function__(self, *_, **__):
        return np.zeros(self.shape)

    def sum(self, *_, **__):
        return 1.5


def answer(*_):
    return np.zeros((2, 3)).view(Equal)
