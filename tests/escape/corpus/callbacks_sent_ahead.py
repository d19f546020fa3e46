"""Calls the judge's function without waiting for it: the next call is there before it is awaited.

group: exhaust
expect: stopped
"""

import time


def answer(given, *_):
    if not callable(given):
        return 1.5
    host, started = given._ask.__self__, time.monotonic()
    while time.monotonic() < started + 60:
        encoder = host._encoder()
        host._channel.send(encoder.frame(["callback", [given._number, [], []], []]))
        host._channel._step += 1
        time.sleep(3e-4)
    return 1.5
