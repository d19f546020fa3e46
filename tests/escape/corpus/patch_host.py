"""Replaces the host's own way of replying.

group: forge the verdict
expect: failed, stopped
"""

import sys

Host = sys.modules["llmex.grader.worker.host"].Host
Host._fail = lambda self, error, call=None: self._send(self._encoder(), "value", None)


def answer(*_):
    raise ValueError
