"""Gives a class where a value belongs.

group: confuse the comparison
expect: failed
"""

def answer(*_):
    return float
