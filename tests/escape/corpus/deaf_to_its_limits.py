"""Computes beyond its processor time, and has blocked, ignored and put off the signal.

group: exhaust
expect: stopped
says: processor time
exercise: impossible-scratch
"""

import resource
import signal

signal.signal(signal.SIGXCPU, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())


def answer(_):
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    while True:
        pass
