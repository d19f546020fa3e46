"""Returns a text of many megabytes.

group: exhaust
expect: failed, stopped
"""

def answer(*_):
    return "x" * (50 << 20)
