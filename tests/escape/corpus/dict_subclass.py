"""Is a dict that has every key.

group: confuse the comparison
expect: failed
"""

class Every(dict):
    def __missing__(self, key):
        return self

    def __contains__(self, _):
        return True

    def __eq__(self, _):
        return True


def answer(*_):
    return Every(a=[1.5, 1.5, 1.5], b=1.5)
