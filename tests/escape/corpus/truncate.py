"""Empties a file by its path.

group: escape and persist
expect: failed
layers: files, system calls
"""

import os


def reach():
    os.truncate(WORLD["victim"], 0)
    return WORLD["token"]
