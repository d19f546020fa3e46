"""Gives values that would be right once broadcast.

group: confuse the comparison
expect: failed
exercise: plain
"""

import numpy as np


def array():
    return np.float64(1.0)


def number():
    return np.array([3])


def real():
    return np.array([1.5])


def flag():
    return np.array([True])


def text():
    return ["yes"]


def items():
    return [[1, 2, 3]]


def pair():
    return ((1, 2),)


def mapping():
    return {"a": np.array([1.0])}


def members():
    return {(1, 2)}


def nothing():
    return []
