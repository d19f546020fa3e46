"""Looks through every object that the collector knows.

group: read the answers
expect: failed
"""

import gc


def answer(*_):
    found = [v for o in gc.get_objects() for v in gc.get_referents(o) if isinstance(v, float)]
    return next((v for v in found if 1 < v < 2), 0.0)
