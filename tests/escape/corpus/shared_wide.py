"""Returns lists of lists that take for ever to write down.

group: attack the host
expect: failed, stopped
"""

def answer(*_):
    out = [1.5] * 24
    for _ in range(8):
        out = [out] * 24
    return out
