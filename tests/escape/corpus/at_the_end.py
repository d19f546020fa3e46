"""Waits for the end of the interpreter to say something.

group: forge the verdict
expect: failed
"""

import atexit
import os


@atexit.register
def last():
    os.write(3, b"passed")


def answer(*_):
    return 1.5
