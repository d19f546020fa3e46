"""Gives values that are nearly right.

group: confuse the comparison
expect: failed
exercise: plain
"""

import numpy as np


def array():
    return np.array([1.0, 1.0, 1.0 + 1e-7])


def number():
    return 3 + 2**64


def real():
    return 1.5 + 1e-7


def flag():
    return "True"


def text():
    return "yes\u200b"


def items():
    return [1, 2, 3, 3]


def pair():
    return (2, 1)


def mapping():
    return {"a": 1.0 + 1e-7}


def members():
    return {1, 2.5}


def nothing():
    return 0
