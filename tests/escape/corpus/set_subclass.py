"""Is a set that holds everything.

group: confuse the comparison
expect: failed
"""

class Every(set):
    def __contains__(self, _):
        return True

    def __eq__(self, _):
        return True

    __le__ = __ge__ = __eq__


def answer(*_):
    return Every({1, 2, 3})
