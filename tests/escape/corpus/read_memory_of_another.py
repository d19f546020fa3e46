"""Copies the memory of another process.

group: read the answers
expect: failed
layers: files, system calls
"""

import ctypes


class Range(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))


def reach():
    libc = ctypes.CDLL(None, use_errno=True)
    found = ctypes.create_string_buffer(len(WORLD["token"]))
    here = Range(ctypes.addressof(found), len(WORLD["token"]))
    there = Range(WORLD["address"], len(WORLD["token"]))
    copied = libc.process_vm_readv(WORLD["twin"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
    return found.raw if copied > 0 else OSError(ctypes.get_errno())
