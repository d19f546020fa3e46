"""Has an expression of a hundred thousand parts.

group: exhaust
expect: failed, stopped
"""

def answer(*_):
    return eval("answer" + ".x" * 100_000)
