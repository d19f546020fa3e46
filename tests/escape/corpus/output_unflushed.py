"""Prints one line without an end.

group: exhaust
expect: stopped
says: printed
"""

import sys


def answer(*_):
    while True:
        sys.stderr.write("x" * (1 << 20))
