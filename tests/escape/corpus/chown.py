"""Gives a file to a group.

group: escape and persist
expect: failed
layers: system calls
"""

import os


def reach():
    os.chown(WORLD["victim"], -1, os.getgid())
    return WORLD["token"]
