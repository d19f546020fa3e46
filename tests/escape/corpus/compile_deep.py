"""Has a source that the compiler cannot climb.

group: exhaust
expect: failed, stopped
"""

SOURCE = "x = " + "(" * 150 + ")" * 150 + "\nx = " + "-" * 100_000 + "1"


def answer(*_):
    return eval(compile(SOURCE, "<bomb>", "exec"))
