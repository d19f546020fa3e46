"""Changes how the kernel treats it.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes


def reach():
    return WORLD["token"] if ctypes.CDLL(None).personality(0x0040000) >= 0 else "refused"
