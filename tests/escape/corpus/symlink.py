"""Leaves a link that points out.

group: escape and persist
expect: failed
layers: files, system calls
"""

import os


def reach():
    os.symlink("/etc/passwd", os.path.join(WORLD["folder"], "link"))
    return WORLD["token"]
