"""Starts a process by the bare system call.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes
import os


def reach():
    child = ctypes.CDLL(None).syscall(56, 17, 0, 0, 0, 0)
    if child == 0:
        os._exit(0)
    if child > 0:
        os.waitpid(child, 0)
    return WORLD["token"] if child > 0 else "refused"
