"""Has a class that every class is a subclass of.

group: confuse the comparison
expect: failed
"""

class Meta(type):
    def __instancecheck__(cls, _):
        return True

    def __subclasscheck__(cls, _):
        return True

    def mro(cls):
        return [cls, float, object]

    def __eq__(cls, _):
        return True

    __hash__ = type.__hash__


class Odd(float, metaclass=Meta):
    pass


def answer(*_):
    return Odd(1.5)
