"""Closes the connection on which it is asked.

group: forge the verdict
expect: stopped
"""

import os


def answer(*_):
    os.close(3)
    return 1.5
