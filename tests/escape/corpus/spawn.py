"""Starts a shell.

group: escape and persist
expect: failed
layers: files, system calls
"""

import subprocess


def reach():
    return subprocess.run(["/bin/echo", WORLD["token"]], capture_output=True, text=True).stdout
