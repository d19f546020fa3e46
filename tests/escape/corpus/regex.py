"""Matches a pattern that takes for ever.

group: exhaust
expect: stopped
"""

import re


def answer(*_):
    return re.match("(a*)*b", "a" * 40)
