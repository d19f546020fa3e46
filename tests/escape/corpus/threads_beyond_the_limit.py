"""Lets threads compute while it sleeps itself.

group: exhaust
expect: stopped
says: processor time
exercise: impossible-scratch
"""

import resource
import threading
import time


def loop():
    while True:
        pass


def answer(_):
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
    for _ in range(2):
        threading.Thread(target=loop, daemon=True).start()
    time.sleep(60)
