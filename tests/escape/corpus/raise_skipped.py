"""Raises what pytest takes for a skipped test.

group: forge the verdict
expect: failed
"""

class Skipped(BaseException):
    pass


def answer(*_):
    raise Skipped("skip this")
