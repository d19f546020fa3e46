"""Is a float that is equal to all floats.

group: confuse the comparison
expect: failed
"""

class Equal(float):
    def __eq__(self, _):
        return True

    def __sub__(self, _):
        return 0.0

    __rsub__ = __sub__
    __hash__ = float.__hash__


def answer(*_):
    return Equal(1.5)
