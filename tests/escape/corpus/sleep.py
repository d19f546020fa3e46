"""Sleeps.

group: exhaust
expect: stopped
says: longer than 2 seconds
"""

import time


def answer(*_):
    time.sleep(1000)
