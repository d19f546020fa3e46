"""Opens a folder as a mere path, then a file beneath it.

group: read the answers
expect: failed
layers: files
"""

import os


def reach():
    folder = os.open(os.path.dirname(WORLD["hidden"]), os.O_PATH)
    return os.read(os.open("suite.py", os.O_RDONLY, dir_fd=folder), 1000)
