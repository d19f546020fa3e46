"""Gives the judge's function to itself, and handles, generators and endless iterators to it.

group: exhaust
expect: failed, stopped
"""

import itertools


def answer(x):
    if callable(x):
        x(x, x, [x], {"x": x})
        x(itertools.count(), (n for n in range(3)), object(), answer)
        x(*range(100_000))
    return x
