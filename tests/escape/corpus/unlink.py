"""Deletes a file.

group: escape and persist
expect: failed
layers: files, system calls
"""

import os


def reach():
    os.unlink(WORLD["victim"])
    return WORLD["token"]
