"""Fills the disk with files, each of which is small enough.

group: exhaust
expect: stopped
says: scratch folder
exercise: impossible-scratch
"""

import itertools


def answer(folder):
    for number in itertools.count():
        with open(f"{folder}/{number}", "wb") as file:
            file.write(bytes(1 << 20))
