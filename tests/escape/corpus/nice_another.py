"""Slows another process down.

group: attack the host
expect: failed
layers: system calls
"""

import os


def reach():
    os.setpriority(os.PRIO_PROCESS, WORLD["pid"], 5)
    return WORLD["token"]
