"""Stops its own process in the middle of a reply that has begun.

group: exhaust
expect: stopped
says: longer than
"""

import os
import signal
import struct


def answer(*_):
    os.write(3, struct.pack("<4sIII", b"lmx1", 7, 1 << 20, 0) + b"x" * 100)
    os.kill(os.getpid(), signal.SIGSTOP)
