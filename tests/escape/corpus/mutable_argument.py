"""Gives back the judge's own argument, changed.

group: confuse the comparison
expect: failed
"""

def answer(x):
    if hasattr(x, "fill"):
        x.fill(1.5)
    return x
