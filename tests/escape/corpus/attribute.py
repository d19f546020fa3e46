"""Leaves words in an attribute of a file.

group: escape and persist
expect: failed
layers: system calls
needs: attributes
"""

import os


def reach():
    os.setxattr(WORLD["victim"], "user.note", b"x")
    return WORLD["token"]
