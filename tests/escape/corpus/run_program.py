"""Becomes another program.

group: escape and persist
expect: failed
layers: files, system calls
"""

import os


def reach():
    line = f"printf %s {WORLD['token']} > {WORLD['folder']}/escaped"
    os.execv("/bin/sh", ["sh", "-c", line])
