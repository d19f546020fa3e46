"""Raises with a name, bases, a message, lines and hints of millions of characters each.

group: attack the report
expect: failed, stopped
"""

import sys

HOST = sys.modules["llmex.grader.worker.host"]
FAULTS = sys.modules["llmex.grader.worker.faults"]
SUBJECT = sys.modules["llmex.grader.worker.subject"]
CALLS = []


def answer(*_):
    CALLS.append(1)
    if len(CALLS) % 3 == 0:
        raise SUBJECT.Missing("n" * 1_000_000, "o" * 1_000_000, ["p" * 100] * 10_000)
    words = ["N" * 500_000, ["B" * 100] * 5_000, "m\n" * 500_000, ["x.py:1: " + "y" * 90] * 5_000]
    FAULTS.describe = lambda *_: words
    FAULTS.unbound = (lambda *_: "(" + "s" * 500_000 + ")") if len(CALLS) % 3 == 1 else None
    raise TypeError
