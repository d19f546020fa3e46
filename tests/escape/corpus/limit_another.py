"""Takes files from another process.

group: attack the host
expect: failed
layers: system calls
"""

import resource


def reach():
    resource.prlimit(WORLD["pid"], resource.RLIMIT_NOFILE, (64, 64))
    return WORLD["token"]
