"""Sends a datagram.

group: escape and persist
expect: failed
layers: system calls
"""

import socket


def reach():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.sendto(b"hello", ("127.0.0.1", 9))
    return WORLD["token"]
