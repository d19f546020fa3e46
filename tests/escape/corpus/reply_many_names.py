"""Says that it called ten thousand operators with hostile names.

group: forge the verdict
expect: stopped, failed
"""

import sys

Host = sys.modules["llmex.grader.worker.host"].Host
BAD = [["seen", [chr(27) + "]0;x" + chr(7) + str(n) for n in range(10_000)]]]
Host._give = lambda self, *_, **__: self._send(self._encoder(), "value", None, BAD)


def answer(*_):
    return None
