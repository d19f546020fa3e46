"""Stops itself, so that it is neither there nor gone.

group: exhaust
expect: stopped
says: longer than
"""

import os
import signal


def answer(*_):
    os.kill(os.getpid(), signal.SIGSTOP)
