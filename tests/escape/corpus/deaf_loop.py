"""Never ends, and does not hear that its time is over.

group: exhaust
expect: stopped
"""

import signal

signal.signal(signal.SIGXCPU, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def answer(*_):
    while True:
        pass
