"""Reads a suite by its path.

group: read the answers
expect: failed
layers: files
"""

import os


def reach():
    descriptor = os.open(WORLD["hidden"], os.O_RDONLY)
    return os.read(descriptor, 1000)
