"""Leaves the namespace of mounts.

group: escape and persist
expect: failed
layers: system calls, privileges
needs: root
"""

import ctypes


def reach():
    made = ctypes.CDLL(None).unshare(0x00020000)
    return WORLD["token"] if made == 0 else "refused"
