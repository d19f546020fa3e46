"""Gives a text that no encoding takes.

group: confuse the comparison
expect: failed
"""

def answer(*_):
    return chr(0xD800) * 32
