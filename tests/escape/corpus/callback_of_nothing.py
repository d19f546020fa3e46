"""Calls functions of the judge that were never given.

group: forge the verdict
expect: failed, stopped
"""

import sys


def answer(f):
    kind = sys.modules["llmex.grader.worker.objects"].JudgeFunction
    if callable(f):
        for number in (0, 2, 10**9, -1):
            kind(f._ask, number, "f")(1.0)
    return 1.5
