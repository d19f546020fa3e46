"""Holds on to files that nobody sees any more, to have more of the disk than can be counted.

group: exhaust
expect: failed
exercise: impossible-scratch
"""

import os


def answer(folder):
    held = []
    while True:  # until there are no more descriptors
        held.append(open(f"{folder}/{len(held)}", "wb"))
        os.unlink(held[-1].name)
