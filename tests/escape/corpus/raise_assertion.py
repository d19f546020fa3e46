"""Raises what a comparison raises.

group: forge the verdict
expect: failed
"""

def answer(*_):
    raise AssertionError("all is equal")
