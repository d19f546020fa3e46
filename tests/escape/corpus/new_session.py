"""Leaves the group of processes that can be ended at once.

group: escape and persist
expect: failed
layers: system calls
"""

import os


def reach():
    os.setpgid(0, 0)
    return WORLD["token"]
