"""Is equal to everything, and greater, and smaller.

group: confuse the comparison
expect: failed
"""

class Always:
    def yes(self, *_):
        return True

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __contains__ = yes
    __hash__ = None

    def __len__(self):
        return 2

    def __iter__(self):
        return iter((self, self))

    def __sub__(self, _):
        return 0.0

    def __abs__(self):
        return 0.0

    __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __sub__

    def __float__(self):
        return 1.5

    def __getattr__(self, name):
        return self

    def __call__(self, *_, **__):
        return self

    def __getitem__(self, _):
        return self


def answer(*_):
    return Always()
