"""Renames the machine (to what it is called).

group: attack the host
expect: failed
layers: privileges, system calls
needs: root
"""

import socket


def reach():
    socket.sethostname(socket.gethostname())
    return WORLD["token"]
