"""Starts a process of its own.

group: escape and persist
expect: failed
layers: system calls
"""

import os


def reach():
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return WORLD["token"]
