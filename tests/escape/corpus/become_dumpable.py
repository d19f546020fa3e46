"""Lets others of the user look into it again.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes


def reach():
    return WORLD["token"] if ctypes.CDLL(None).prctl(4, 1, 0, 0, 0) == 0 else "refused"
