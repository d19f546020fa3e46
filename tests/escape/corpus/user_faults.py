"""Handles page faults itself, as exploits of the kernel like to.

group: escape and persist
expect: failed
layers: system calls
needs: userfaultfd
"""

import ctypes


def reach():
    number = ctypes.CDLL(None).syscall(323, 1)
    return WORLD["token"] if number >= 0 else "refused"
