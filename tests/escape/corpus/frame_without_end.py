"""Sends a frame that is announced as large, one byte at a time, for ever.

group: exhaust
expect: stopped
says: longer than
"""

import os
import struct
import time


def answer(*_):
    os.write(3, struct.pack("<4sIII", b"lmx1", 7, 1 << 21, 0))
    while True:
        os.write(3, b"x")
        time.sleep(0.01)
