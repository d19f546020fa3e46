"""Never ends when it is looked at.

group: exhaust
expect: failed, stopped
"""

class Slow:
    def __repr__(self):
        while True:
            pass

    __str__ = __len__ = __eq__ = __iter__ = __float__ = __bool__ = __repr__
    __hash__ = None


def answer(*_):
    return Slow()
