"""Returns as many keys as a reply can hold.

group: exhaust
expect: failed, stopped
"""

MANY = dict.fromkeys(range(20_000), 1.0)


def answer(*_):
    return MANY
