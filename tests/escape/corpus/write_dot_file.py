"""Leaves words in a dot file for the next login.

group: escape and persist
expect: failed
layers: files, limits
"""

import os


def reach():
    with open(os.path.join(WORLD["folder"], ".profile"), "w") as file:
        file.write("true")
    return WORLD["token"]
