"""Reads where its own memory lies.

group: read the answers
expect: failed
layers: files
"""

def reach():
    return WORLD["token"] if open("/proc/self/maps").read() else ""
