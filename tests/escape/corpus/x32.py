"""Calls the kernel by the x32 numbers.

group: escape and persist
expect: stopped
layers: system calls
needs: x32
says: SIGSYS
"""

import ctypes


def reach():
    number = ctypes.CDLL(None).syscall(0x40000000 + 39)
    return WORLD["token"] if number > 0 else "refused"
