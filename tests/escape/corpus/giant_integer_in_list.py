"""Gives integers that Python refuses to print.

group: confuse the comparison
expect: failed
"""

def answer(*_):
    return [10**6000, -(10**6000), 10**6000]
