"""Starts a process that shares its memory, as vfork does.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes


def reach():
    libc = ctypes.CDLL(None)
    stack = ctypes.create_string_buffer(65536)
    top = ctypes.c_void_p(ctypes.addressof(stack) + 65536 - 64)
    leave = ctypes.cast(libc._exit, ctypes.c_void_p)
    child = libc.clone(leave, top, 0x100 | 17, None)
    if child > 0:
        libc.waitpid(child, None, 0)
    return WORLD["token"] if child > 0 else "refused"
