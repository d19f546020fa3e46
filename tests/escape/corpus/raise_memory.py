"""Gives itself all memory, as root may.

group: attack the host
expect: failed
layers: privileges, system calls
needs: root, power over limits
"""

import resource


def reach():
    resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return WORLD["token"]
