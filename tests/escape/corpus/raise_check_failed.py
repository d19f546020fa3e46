"""Raises the comparator's own exception, without its parts.

group: forge the verdict
expect: failed
"""

import sys


def answer(*_):
    kind = sys.modules["llmex.grader.failure"].CheckFailed
    raise kind.__new__(kind)
