"""Gives one NaN.

group: confuse the comparison
expect: failed
"""

def answer(*_):
    return float("nan")
