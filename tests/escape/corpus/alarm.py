"""Has an alarm go off.

group: exhaust
expect: stopped
says: SIGALRM
"""

import signal
import time


def answer(*_):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(1)
