"""Gives something else each time.

group: confuse the comparison
expect: failed
"""

import itertools

COUNT = itertools.count(1)


def answer(*_):
    return 1.0 + next(COUNT) * 1e-3
