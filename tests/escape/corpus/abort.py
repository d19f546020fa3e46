"""Aborts.

group: exhaust
expect: stopped
says: SIGABRT
"""

import os


def answer(*_):
    os.abort()
