"""Lists the folder of the suites.

group: read the answers
expect: failed
layers: files
"""

import os


def reach():
    return [WORLD["token"] for _ in os.listdir(os.path.dirname(WORLD["hidden"]))]
