"""Leaves a message queue with a name.

group: escape and persist
expect: failed
layers: files, system calls
needs: mqueue
"""

import ctypes


def reach():
    libc = ctypes.CDLL(None)
    name = WORLD["abstract"].encode()
    if libc.syscall(240, name, 0o102, 0o600, None) < 0:
        return "refused"
    libc.syscall(241, name)
    return WORLD["token"]
