"""Asks to signal its group of processes.

group: attack the host
expect: failed
layers: system calls
"""

import os


def reach():
    os.kill(0, 0)
    return WORLD["token"]
