"""Calls the kernel as a 32-bit program.

group: escape and persist
expect: stopped
layers: system calls
needs: 32 bits
says: SIG
"""

import ctypes
import mmap


def reach():
    code = bytes.fromhex("53 b814000000 cd80 5b c3")
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    number = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    return WORLD["token"] if number > 0 else "refused"
