"""Gives itself the processor for ever, as root may.

group: attack the host
expect: failed
layers: privileges
needs: root, power over limits
"""

import resource


def reach():
    resource.setrlimit(resource.RLIMIT_CPU, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    return WORLD["token"]
