"""Chooses the processor of another process.

group: attack the host
expect: failed
layers: system calls
"""

import os


def reach():
    os.sched_setaffinity(WORLD["pid"], os.sched_getaffinity(0))
    return WORLD["token"]
