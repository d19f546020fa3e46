"""Raises BaseException.

group: forge the verdict
expect: failed
"""

def answer(*_):
    raise BaseException("passed")
