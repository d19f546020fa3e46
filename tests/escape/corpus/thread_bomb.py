"""Starts threads without end.

group: exhaust
expect: stopped, failed
"""

import threading
import time


def answer(*_):
    threading.stack_size(1 << 20)
    while True:
        threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
