"""Floods the connection from a thread that goes on.

group: forge the verdict
expect: stopped
"""

import os
import threading


def flood():
    while True:
        os.write(3, b"lmx1" + bytes(60))


def answer(*_):
    threading.Thread(target=flood, daemon=True).start()
    return 1.5
