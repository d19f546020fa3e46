"""Raises StopIteration.

group: forge the verdict
expect: failed
"""

def answer(*_):
    raise StopIteration("passed")
