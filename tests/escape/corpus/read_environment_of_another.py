"""Reads the environment of another process in /proc.

group: read the answers
expect: failed
layers: files
"""

def reach():
    return open(f"/proc/{WORLD['pid']}/environ").read()
