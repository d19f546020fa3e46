"""Opens a file of the learner to everybody.

group: escape and persist
expect: failed
layers: system calls
"""

import os


def reach():
    os.chmod(WORLD["victim"], 0o777)
    return WORLD["token"]
