"""Sends a signal to another process.

group: attack the host
expect: failed
layers: files, system calls
needs: landlock 6
"""

import os


def reach():
    os.kill(WORLD["pid"], 0)
    return WORLD["token"]
