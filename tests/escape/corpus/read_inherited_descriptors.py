"""Reads whatever descriptor it has inherited.

group: read the answers
expect: failed
layers: descriptors
"""

import os


def reach():
    found = b""
    for number in range(3, 1024):
        try:
            found += os.pread(number, 1000, 0)
        except OSError:
            pass
    return found
