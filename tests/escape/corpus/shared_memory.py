"""Leaves shared memory with a name.

group: escape and persist
expect: failed
layers: files, system calls
"""

import os


def reach():
    os.close(os.open("/dev/shm/" + WORLD["abstract"], os.O_RDWR | os.O_CREAT, 0o600))
    os.unlink("/dev/shm/" + WORLD["abstract"])
    return WORLD["token"]
