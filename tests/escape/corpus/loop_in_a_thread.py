"""Leaves a thread behind that burns the processor.

group: exhaust
expect: stopped
"""

import threading


def burn():
    while True:
        pass


def answer(*_):
    threading.Thread(target=burn, daemon=True).start()
    threading.Event().wait()
