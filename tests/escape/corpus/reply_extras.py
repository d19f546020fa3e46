"""Sends extras that name arguments and graphs which are not there.

group: forge the verdict
expect: stopped, failed
"""

import sys

Host = sys.modules["llmex.grader.worker.host"].Host
BAD = [["changed", [[10**6, 1.0]]], ["graph", 7, [1, 2]], ["of", 0, "x"], ["dead", [1]]]
Host._give = lambda self, *_, **__: self._send(self._encoder(), "value", 1.5, BAD)


def answer(*_):
    return 1.5
