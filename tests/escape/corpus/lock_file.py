"""Locks a file against all others.

group: escape and persist
expect: failed
layers: system calls
"""

import fcntl


def reach():
    with open("/etc/ld.so.cache", "rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return WORLD["token"]
