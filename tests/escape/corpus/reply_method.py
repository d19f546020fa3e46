"""Replies that the result is a method.

group: forge the verdict
expect: failed, stopped
"""

import sys

Host = sys.modules["llmex.grader.worker.host"].Host
Host._give = lambda self, *_, **__: self._send(self._encoder(), "method", None)


def answer(*_):
    return 0.0
