"""Lets itself be traced.

group: escape and persist
expect: failed
layers: system calls
"""

import ctypes


def reach():
    return WORLD["token"] if ctypes.CDLL(None).ptrace(0, 0, None, None) == 0 else "refused"
