"""Maps memory until none is left.

group: exhaust
expect: stopped, failed
"""

import mmap


def answer(*_):
    pages = []
    while True:
        pages.append(mmap.mmap(-1, 1 << 26))
