"""Exits when its result is thrown away.

group: forge the verdict
expect: failed, stopped
"""

import os


class Bomb:
    def __del__(self):
        os._exit(0)


def answer(*_):
    return Bomb()
