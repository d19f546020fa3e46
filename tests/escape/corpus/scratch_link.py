"""Lets the suite read another file in place of its own.

group: read the answers
expect: failed
exercise: impossible-scratch
"""

import os


def answer(folder):
    for make in (os.symlink, os.link):
        try:
            make(__file__ if os.path.exists(__file__) else "/etc/passwd", f"{folder}/guess.txt")
        except OSError:
            pass
    return "guess.txt"
