"""Warns by classes whose names and texts are commands to a terminal, without end.

group: attack the report
expect: failed
"""

import warnings

NAME = "\x1b]8;;http://evil\x1b\\\u202epassed"


def answer(*_):
    for number in range(3000):
        kind = type(NAME + str(number), (Warning,), {"__str__": lambda self: NAME * 100})
        warnings.warn(kind(NAME), stacklevel=1)
    return NAME
