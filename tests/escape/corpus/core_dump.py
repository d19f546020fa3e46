"""Leaves its memory behind when it crashes.

group: attack the host
expect: failed
layers: limits, system calls
"""

import resource


def reach():
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 20, 1 << 20))
    return WORLD["token"]
