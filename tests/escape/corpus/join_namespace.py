"""Enters a namespace by a descriptor.

group: escape and persist
expect: failed
layers: system calls, privileges
needs: root
"""

import ctypes
import os


def reach():
    number = os.open("/proc/self/ns/uts", os.O_RDONLY)
    return WORLD["token"] if ctypes.CDLL(None).setns(number, 0) == 0 else "refused"
