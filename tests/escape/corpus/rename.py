"""Moves a file away.

group: escape and persist
expect: failed
layers: files, system calls
"""

import os


def reach():
    os.rename(WORLD["victim"], WORLD["victim"] + ".old")
    return WORLD["token"]
