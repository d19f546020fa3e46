"""Prints a megabyte.

group: exhaust
expect: failed
"""

def answer(*_):
    print("y" * (1 << 20))
    return 1.5
