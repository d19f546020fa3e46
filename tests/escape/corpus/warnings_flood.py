"""Warns without end.

group: exhaust
expect: stopped, failed
"""

import warnings


def answer(*_):
    for n in range(10_000):
        warnings.warn(f"{n}" * 1000, stacklevel=1)
    return 1.5
