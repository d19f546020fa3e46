"""Says that it did not understand, as if the judge were wrong.

group: forge the verdict
expect: failed, stopped, grader-error
"""

import sys

Host = sys.modules["llmex.grader.worker.host"].Host
Host._give = lambda self, *_, **__: self._send(self._encoder(), "confused", "your fault")


def answer(*_):
    return 0.0
