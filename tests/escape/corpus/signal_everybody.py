"""Asks to signal every process there is.

group: attack the host
expect: failed
layers: system calls
"""

import os


def reach():
    os.kill(-1, 0)
    return WORLD["token"]
