"""Calls the judge without listening.

group: exhaust
expect: stopped, failed
"""

import os


def answer(f):
    while True:
        os.write(3, b"lmx1" + bytes(1 << 16))
