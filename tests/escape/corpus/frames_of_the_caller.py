"""Looks through every frame above it.

group: read the answers
expect: failed
"""

import sys


def answer(*_):
    frame, found = sys._getframe(), []
    while frame is not None:
        found += [v for v in frame.f_locals.values() if isinstance(v, float) and 1 < v < 2]
        frame = frame.f_back
    return found[0] if found else 0.0
