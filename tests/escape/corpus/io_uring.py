"""Asks for files by a ring instead of calls.

group: escape and persist
expect: failed
layers: system calls
needs: io_uring
"""

import ctypes


def reach():
    number = ctypes.CDLL(None).syscall(425, 4, ctypes.create_string_buffer(256))
    return WORLD["token"] if number >= 0 else "refused"
