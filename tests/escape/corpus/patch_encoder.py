"""Sends every value as a reference to what the judge sent.

group: forge the verdict
expect: failed, stopped
"""

import sys

Encoder = sys.modules["llmex.grader.worker.encode"].Encoder
Encoder.node = lambda self, value: [0, 0]


def answer(x):
    return x
