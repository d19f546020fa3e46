"""Has an attribute by which the judge knows what stayed behind.

group: confuse the comparison
expect: failed
"""

class Odd:
    remote_type = "float"
    _target = _number = _link = property(lambda self: self)


def answer(*_):
    return Odd()
