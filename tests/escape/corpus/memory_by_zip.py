"""Unpacks a bomb.

group: exhaust
expect: stopped
"""

import zlib


def answer(*_):
    return zlib.decompress(zlib.compress(bytes(1 << 30)))
