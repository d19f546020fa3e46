"""Returns a generator of a kind of its own, whose state lies.

group: confuse the comparison
expect: failed
"""

import numpy as np


class Bits(np.random.PCG64):
    @property
    def state(self):
        return {"bit_generator": "PCG64", "state": {"state": 0, "inc": 1}, "has_uint32": 0}


class Generator(np.random.Generator):
    def __eq__(self, other):
        return True

    __hash__ = None


def answer(*_):
    return Generator(Bits())
