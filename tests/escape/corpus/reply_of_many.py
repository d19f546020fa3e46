"""Returns more values than can be sent.

group: exhaust
expect: failed, stopped
"""

def answer(*_):
    return [[i] for i in range(3_000_000)]
