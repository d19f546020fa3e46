"""Raises KeyboardInterrupt.

group: forge the verdict
expect: failed
"""

def answer(*_):
    raise KeyboardInterrupt("passed")
