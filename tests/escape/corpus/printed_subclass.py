"""Prints a text that lies about its length and gives a number for its parts.

group: attack the report
expect: failed
"""

import sys


class Text(str):
    def __len__(self):
        return 10**30

    def __getitem__(self, key):
        return 5


def answer(*_):
    sys.stdout.write(Text("\x1b[2J" * 10))
    return 0.0
