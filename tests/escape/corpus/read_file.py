"""Reads a file that is not Python's.

group: read the answers
expect: failed
layers: files
"""

def reach():
    return open(WORLD["secret"]).read()
