"""Signals another process by a descriptor of it.

group: attack the host
expect: failed
layers: files, system calls
needs: landlock 6
"""

import os
import signal


def reach():
    signal.pidfd_send_signal(os.pidfd_open(WORLD["pid"]), 0)
    return WORLD["token"]
