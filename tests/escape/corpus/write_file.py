"""Makes a file.

group: escape and persist
expect: failed
layers: files
"""

import os


def reach():
    path = os.path.join(WORLD["folder"], "made")
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
    return WORLD["token"]
