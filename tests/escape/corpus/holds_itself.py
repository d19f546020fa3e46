"""Gives a list that holds itself.

group: confuse the comparison
expect: failed
"""

def answer(*_):
    out = []
    out.append(out)
    return out
