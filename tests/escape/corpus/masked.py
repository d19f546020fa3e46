"""Gives an array whose wrong places are masked.

group: confuse the comparison
expect: failed
"""

import numpy.ma as ma


def answer(*_):
    return ma.masked_all((2, 3))
