"""Sends its reply byte by byte.

group: exhaust
expect: stopped
"""

import os
import time


def answer(*_):
    for byte in b"lmx1":
        os.write(3, bytes([byte]))
        time.sleep(0.8)
    return 1.5
