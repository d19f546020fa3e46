"""Has constants that fold to gigabytes.

group: exhaust
expect: failed, stopped
"""

def answer(*_):
    return eval("'x' * 4000 * 4000 * 4000 * 4000")
