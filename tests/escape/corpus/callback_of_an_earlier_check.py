"""Keeps the judge's function, and calls it in a later check, in place of an answer.

group: forge the verdict
expect: failed, stopped
"""

KEPT = []


def answer(x):
    if callable(x):
        KEPT.append(x)
    for function in KEPT:
        function(x)
    return KEPT[0] if KEPT else x
