import numpy as np


def total(x, axis=0):
    return np.sum(x, axis=axis)
