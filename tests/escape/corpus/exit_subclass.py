"""Raises an exit that calls itself something else.

group: forge the verdict
expect: stopped
"""

class Passed(SystemExit):
    code = 0


def answer(*_):
    raise Passed(0)
