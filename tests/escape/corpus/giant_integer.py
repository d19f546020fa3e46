"""Gives an integer of half a million bits.

group: confuse the comparison
expect: failed, stopped
"""

def answer(*_):
    return 1 << 500_000
