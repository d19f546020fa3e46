"""Calls the judge's function from several threads at once, and after the call has returned.

group: forge the verdict
expect: stopped, failed
"""

import threading
import time

KEPT = []


def later():
    while True:
        for function in KEPT:
            try:
                function(1.5)
            except BaseException:
                pass
        time.sleep(0.001)


def answer(x):
    if callable(x):
        KEPT.append(x)
        for _ in range(2):
            threading.Thread(target=later, daemon=True).start()
    return 1.5
