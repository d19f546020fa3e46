"""Returns objects whose every attribute, comparison, length and class says yes.

group: confuse the comparison
expect: failed
"""


class Yes:
    __class__ = float
    shape, dtype, ndim, size = (2, 3), "float64", 2, 6

    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self

    def __float__(self):
        return 1.5

    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = lambda self, other: True
    __hash__ = lambda self: 0
    __len__ = lambda self: 3
    __iter__ = lambda self: iter([self] * 3)
    __getitem__ = lambda self, _: self
    __array__ = lambda self, *_, **__: self
    __sub__ = __rsub__ = __abs__ = lambda self, *_: self


def answer(*_):
    return Yes()
