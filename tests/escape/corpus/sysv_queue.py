"""Leaves a message queue.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes


def reach():
    libc = ctypes.CDLL(None)
    number = libc.msgget(0, 0o1600)
    if number < 0:
        return "refused"
    libc.msgctl(number, 0, None)
    return WORLD["token"]
