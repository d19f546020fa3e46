"""Gives a file a second name.

group: escape and persist
expect: failed
layers: files, system calls
"""

import os


def reach():
    os.link(WORLD["victim"], os.path.join(WORLD["folder"], "second"))
    return WORLD["token"]
