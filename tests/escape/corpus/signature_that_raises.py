"""Cannot be called as it is, and raises something else where its signature is looked at.

group: attack the report
expect: failed
"""


class Default:
    def __repr__(self):
        raise KeyError("default")


def answer(x, y, z, u, v, w, default=Default()):
    return x
