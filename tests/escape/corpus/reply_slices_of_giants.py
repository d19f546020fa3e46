"""Gives ranges, slices and complex numbers that cannot be written down.

group: attack the report
expect: failed
"""


def answer(*_):
    big = 10**100_000
    return {"a": range(-big, big, 3), "b": slice(big, None, -big), 1e999j: [big] * 50}
