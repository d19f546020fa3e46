"""Connects to a socket by its path, as the engine's is.

group: escape and persist
expect: failed
layers: system calls
"""

import socket


def reach():
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(WORLD["socket"])
        return WORLD["token"]
