"""Leaves shared memory by System V.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes


def reach():
    libc = ctypes.CDLL(None)
    number = libc.shmget(0, 4096, 0o1600)
    if number < 0:
        return "refused"
    libc.shmctl(number, 0, None)
    return WORLD["token"]
