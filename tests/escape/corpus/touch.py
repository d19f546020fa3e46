"""Changes the times of a file.

group: escape and persist
expect: failed
layers: system calls
"""

import os


def reach():
    os.utime(WORLD["victim"], (0, 0))
    return WORLD["token"]
