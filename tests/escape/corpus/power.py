"""Computes a number that has no end.

group: exhaust
expect: stopped
"""

def answer(*_):
    return 10 ** (10**9)
