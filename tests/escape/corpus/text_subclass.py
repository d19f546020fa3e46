"""Is a text that is equal to all texts.

group: confuse the comparison
expect: failed
"""

class Equal(str):
    def __eq__(self, _):
        return True

    def __hash__(self):
        return 0


def answer(*_):
    return Equal("x")
