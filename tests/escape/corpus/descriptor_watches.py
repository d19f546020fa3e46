"""Gets a signal of its own sent to another process.

group: escape and persist
expect: failed
layers: system calls
"""

import fcntl
import os


def reach():
    number = os.open(os.devnull, os.O_RDWR)
    fcntl.fcntl(number, fcntl.F_SETOWN, WORLD["pid"])
    return WORLD["token"]
