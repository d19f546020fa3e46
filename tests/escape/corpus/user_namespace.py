"""Becomes root of a namespace of its own.

group: escape and persist
expect: failed
layers: system calls
needs: namespaces
"""

import ctypes


def reach():
    made = ctypes.CDLL(None).unshare(0x10000000)
    return WORLD["token"] if made == 0 else "refused"
