"""Takes all the names that the disk has, and no byte.

group: exhaust
expect: stopped
says: scratch folder
exercise: impossible-scratch
"""

import itertools


def answer(folder):
    for number in itertools.count():
        open(f"{folder}/{number}", "wb").close()
