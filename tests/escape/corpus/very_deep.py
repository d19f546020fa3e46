"""Gives lists in lists, ten thousand deep.

group: confuse the comparison
expect: failed
"""

def answer(*_):
    out = 1.5
    for _ in range(10_000):
        out = [out]
    return out
