"""Overflows the stack of C.

group: exhaust
expect: stopped, failed
"""

def answer(*_):
    out = ()
    for _ in range(10**6):
        out = (out,)
    return hash(out)
