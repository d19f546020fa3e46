"""Keeps memory that the machine cannot take back.

group: attack the host
expect: failed
layers: system calls
needs: locked memory
"""

import ctypes


def reach():
    return WORLD["token"] if ctypes.CDLL(None).mlockall(2) == 0 else "refused"
