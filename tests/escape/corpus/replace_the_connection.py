"""Puts another file in the connection's place.

group: forge the verdict
expect: stopped
"""

import os


def answer(*_):
    os.dup2(os.open(os.devnull, os.O_RDWR), 3)
    return 1.5
