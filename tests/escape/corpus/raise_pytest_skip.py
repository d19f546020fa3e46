"""Raises pytest's own skip.

group: forge the verdict
expect: failed
"""

import sys


def answer(*_):
    sys.modules["pytest"].skip("nothing to see")
