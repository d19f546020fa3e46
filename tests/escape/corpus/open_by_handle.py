"""Opens a file by its number, past every path.

group: attack the host
expect: failed
layers: files, privileges, system calls
needs: root
"""

import ctypes
import os


def reach():
    libc = ctypes.CDLL(None, use_errno=True)
    handle = (ctypes.c_uint32 * 40)(128)
    mount = ctypes.c_int()
    path = WORLD["secret"].encode()
    if libc.name_to_handle_at(-100, path, handle, ctypes.byref(mount), 0):
        return "refused"
    folder = os.open(os.path.dirname(path), os.O_RDONLY)
    number = libc.open_by_handle_at(folder, handle, os.O_RDONLY)
    return os.read(number, 1000) if number >= 0 else "refused"
