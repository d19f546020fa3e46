"""Gives objects that pretend to be the right values.

group: confuse the comparison
expect: failed
exercise: plain
"""

import numpy as np


class Same:
    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return getattr(self.value, name)

    __hash__ = None


def array():
    return Same(np.ones(3))


def number():
    return Same(3)


def real():
    return Same(1.5)


def flag():
    return Same(True)


def text():
    return Same("yes")


def items():
    return iter([1, 2, 3])


def pair():
    return Same((1, 2))


def mapping():
    return Same({"a": 1.0})


def members():
    return Same({1, 2})


def nothing():
    return Same(None)
