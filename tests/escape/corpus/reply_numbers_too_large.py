"""Counts more lost output than a number on the wire can hold.

group: forge the verdict
expect: stopped, failed
"""

import sys

Host = sys.modules["llmex.grader.worker.host"].Host
BAD = [["out", "", 2**64 - 1], ["out", "", 2**64 - 1]]
Host._give = lambda self, *_, **__: self._send(self._encoder(), "value", None, BAD)


def answer(*_):
    return None
