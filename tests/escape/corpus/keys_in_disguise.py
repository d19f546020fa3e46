"""Gives dicts and sets in which one key stands twice, once as an array or a tensor.

group: confuse the comparison
expect: failed
exercise: plain
"""

import numpy as np


class Once(float):
    def __hash__(self):
        return id(self)

    def __eq__(self, other):
        return self is other


def mapping():
    return {"a": Once(2.0), np.str_("a"): 1.5}


def members():
    return {Once(1), Once(2), 1.0, 2.0}


def _wrong(*_):
    return {Once(3): 1}


array = number = real = flag = text = items = pair = nothing = _wrong
