"""Asks not to die with its parent.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes


def reach():
    return WORLD["token"] if ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0 else "refused"
