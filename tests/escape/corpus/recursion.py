"""Calls itself for ever.

group: exhaust
expect: failed
"""

def answer(*_):
    return answer()
