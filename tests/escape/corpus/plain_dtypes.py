"""Gives the right values in other dtypes and shapes.

group: confuse the comparison
expect: failed
exercise: plain
"""

import numpy as np


def array():
    return np.ones(3, np.float32)


def number():
    return True + 2.0


def real():
    return complex(1.5, 0.5)


def flag():
    return np.int64(1)


def text():
    return np.array("yes", dtype="S3").item()


def items():
    return [True, 2, 3]


def pair():
    return (1, 2, None)


def mapping():
    return {"a": 1.0, "b": 2.0}


def members():
    return {True, 2}


def nothing():
    return float("nan")
