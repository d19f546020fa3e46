"""Sends a list as the changed form of an array.

group: forge the verdict
expect: stopped, failed
"""

import sys

Host = sys.modules["llmex.grader.worker.host"].Host
BAD = [["changed", [[0, [3, ["no", "array"]]]]]]
Host._give = lambda self, *_, **__: self._send(self._encoder(), "value", None, BAD)


def answer(*_):
    return None
