"""Sends replies before they are asked for.

group: forge the verdict
expect: stopped
says: connection
"""

import socket
import sys

wire = sys.modules["llmex.grader.worker.wire"]
found = None


def answer(*_):
    line = socket.socket(fileno=3)
    for step in range(1, 30):
        line.sendall(wire.chunks_of(wire.Frame(wire.pack(["value", 1.5, []]), ()), step))
    line.detach()
    return 1.5
