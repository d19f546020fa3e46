"""Counts what the processor does.

group: attack the host
expect: failed
layers: system calls
needs: perf
"""

import ctypes


def reach():
    wanted = ctypes.create_string_buffer(128)
    wanted[0], wanted[4], wanted[40] = 1, 128, 0x60
    number = ctypes.CDLL(None).syscall(298, wanted, 0, -1, -1, 0)
    return WORLD["token"] if number >= 0 else "refused"
