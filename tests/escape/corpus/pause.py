"""Waits for a signal that never comes.

group: exhaust
expect: stopped
says: longer than 2 seconds
"""

import signal


def answer(*_):
    signal.pause()
