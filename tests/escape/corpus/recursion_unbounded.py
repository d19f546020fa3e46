"""Calls itself until the stack is gone.

group: exhaust
expect: stopped
"""

import sys


class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x"[:0])


def answer(*_):
    sys.setrecursionlimit(10**9)
    return Deep().nothing
