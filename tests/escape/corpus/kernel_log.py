"""Reads the log of the kernel.

group: attack the host
expect: failed
layers: privileges, system calls
needs: root
"""

import ctypes


def reach():
    found = ctypes.CDLL(None).klogctl(3, ctypes.create_string_buffer(4096), 4096)
    return WORLD["token"] if found > 0 else "refused"
