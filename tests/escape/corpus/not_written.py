"""Raises NotImplementedError, which shows as not written yet.

group: forge the verdict
expect: failed
"""

def answer(*_):
    raise NotImplementedError
