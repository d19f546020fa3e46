"""Leaves a pipe that whoever reads it waits for.

group: escape and persist
expect: failed
layers: files, system calls
"""

import os


def reach():
    os.mkfifo(os.path.join(WORLD["folder"], "pipe"))
    return WORLD["token"]
