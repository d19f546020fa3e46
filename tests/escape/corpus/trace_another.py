"""Attaches to another process as a debugger.

group: read the answers
expect: failed
layers: files, system calls
"""

import ctypes


def reach():
    libc = ctypes.CDLL(None)
    attached = libc.ptrace(0x4206, WORLD["twin"], None, None)
    return WORLD["token"] if attached == 0 else "refused"
