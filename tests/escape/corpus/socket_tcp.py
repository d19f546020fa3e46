"""Connects to a server on this machine.

group: escape and persist
expect: failed
layers: files, system calls
needs: landlock 4
"""

import socket


def reach():
    with socket.socket(socket.AF_INET) as line:
        line.connect(("127.0.0.1", WORLD["port"]))
        return WORLD["token"]
