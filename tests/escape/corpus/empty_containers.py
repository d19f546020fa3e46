"""Gives containers with nothing in them.

group: confuse the comparison
expect: failed
"""

def answer(*_):
    return {}
