"""Signals a thread of another process.

group: attack the host
expect: failed
layers: files, system calls
needs: landlock 6
"""

import ctypes


def reach():
    sent = ctypes.CDLL(None).syscall(234, WORLD["pid"], WORLD["pid"], 0)
    return WORLD["token"] if sent == 0 else "refused"
