"""Is a list that changes each time it is looked at.

group: confuse the comparison
expect: failed
"""

import random


class Moody(list):
    def __iter__(self):
        return iter([random.getrandbits(60) for _ in range(3)])

    def __len__(self):
        return 3

    def __getitem__(self, _):
        return random.getrandbits(60)

    def __eq__(self, _):
        return True


def answer(*_):
    return Moody([1, 2, 3])
