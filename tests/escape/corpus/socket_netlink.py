"""Asks the kernel about the network.

group: escape and persist
expect: failed
layers: system calls
"""

import socket


def reach():
    socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0).close()
    return WORLD["token"]
