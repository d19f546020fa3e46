"""Gives numbers one by one, without end.

group: confuse the comparison
expect: failed, stopped
"""

import itertools


def answer(*_):
    return itertools.count()
