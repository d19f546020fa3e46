"""Starts a process by the newest system call.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes
import os


def reach():
    wanted = (ctypes.c_uint64 * 8)()
    wanted[4] = 17
    child = ctypes.CDLL(None).syscall(435, wanted, ctypes.sizeof(wanted))
    if child == 0:
        os._exit(0)
    if child > 0:
        os.waitpid(child, 0)
    return WORLD["token"] if child > 0 else "refused"
