"""Starts processes without end.

group: exhaust
expect: failed
"""

import os


def answer(*_):
    while True:
        os.fork()
