"""Sends an object whose class has a name of megabytes, with escapes and line ends in it.

group: attack the report
expect: failed, stopped
"""

import sys

Objects = sys.modules["llmex.grader.worker.objects"].Objects
Objects.node = lambda self, value: [18, "h", 1, "\x1b]0;owned\x07\r\n<script>" * 100_000, False]


def answer(*_):
    return object()
