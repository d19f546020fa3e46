"""Raises GeneratorExit.

group: forge the verdict
expect: failed
"""

def answer(*_):
    raise GeneratorExit("passed")
