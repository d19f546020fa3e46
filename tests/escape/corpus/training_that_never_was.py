"""Reports every step at once and more, by forged frames, out of turn.

group: forge the verdict
expect: failed, stopped
exercise: impossible-training
"""

import sys

Host = sys.modules["llmex.grader.worker.host"].Host


def _ask(self, number, args, kwargs):
    for step in range(5):
        encoder = self._encoder()
        self._channel.send(encoder.frame(["callback", [number, [step, 1.5], []], []]))


Host._ask = _ask


def answer(report):
    if callable(report):
        report(0, 1.0)
    return 1.5
