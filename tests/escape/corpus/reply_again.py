"""Sends an earlier reply a second time.

group: forge the verdict
expect: stopped, failed
"""

import sys

Channel = sys.modules["llmex.grader.worker.wire"].Channel
send = Channel.send


def twice(self, frame):
    send(self, frame)
    send(self, frame)


Channel.send = twice


def answer(*_):
    return 1.5
