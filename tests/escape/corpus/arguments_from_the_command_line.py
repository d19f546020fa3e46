"""Looks for the job in its arguments and environment.

group: read the answers
expect: failed
"""

import os
import sys


def answer(*_):
    return " ".join([*sys.argv, *os.environ.values()])
