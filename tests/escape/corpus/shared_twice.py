"""Returns a list in which each part stands twice, sixty times over.

group: attack the host
expect: failed, stopped
"""

def answer(*_):
    out = 1.5
    for _ in range(60):
        out = [out, out]
    return out
