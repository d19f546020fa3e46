"""Leaves a semaphore.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes


def reach():
    libc = ctypes.CDLL(None)
    number = libc.semget(0, 1, 0o1600)
    if number < 0:
        return "refused"
    libc.semctl(number, 0, 0)
    return WORLD["token"]
