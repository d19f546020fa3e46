"""Connects to an abstract socket.

group: escape and persist
expect: failed
layers: files, system calls
needs: landlock 6
"""

import socket


def reach():
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(chr(0) + WORLD["abstract"])
        return WORLD["token"]
