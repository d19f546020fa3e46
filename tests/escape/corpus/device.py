"""Opens a terminal or a disk.

group: attack the host
expect: failed
layers: files
"""

import os


def reach():
    os.close(os.open("/dev/full", os.O_RDWR))
    return WORLD["token"]
