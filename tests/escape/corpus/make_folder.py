"""Makes a folder.

group: escape and persist
expect: failed
layers: files, system calls
"""

import os


def reach():
    os.mkdir(os.path.join(WORLD["folder"], "folder"))
    return WORLD["token"]
