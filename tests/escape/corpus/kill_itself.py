"""Kills itself.

group: exhaust
expect: stopped
says: SIGKILL
"""

import os
import signal


def answer(*_):
    os.kill(os.getpid(), signal.SIGKILL)
