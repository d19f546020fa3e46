"""Says that it is of another class.

group: confuse the comparison
expect: failed
"""

class Liar:
    __class__ = float
    dtype, shape, ndim, size = "float64", (2, 3), 2, 6

    def __array__(self, *_, **__):
        raise ValueError

    def __eq__(self, _):
        return True

    __array_interface__ = {"shape": (2, 3), "typestr": "<f8", "version": 3, "data": (8, False)}


def answer(*_):
    return Liar()
