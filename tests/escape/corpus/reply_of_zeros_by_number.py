"""Sends a number where the bytes of a bytearray or an integer should be: so many zeros.

group: attack the host
expect: failed, stopped
"""

import sys

Encoder = sys.modules["llmex.grader.worker.encode"].Encoder
Encoder.node = lambda self, value: [3, [[20, 1 << 30]] * 40]


def answer(*_):
    return 1.5
