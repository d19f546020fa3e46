"""Looks for the engine's socket and for llmex's lock files.

group: attack the host
expect: failed
"""

import glob
import os


def answer(*_):
    found = glob.glob("/tmp/llmex*/*") + glob.glob(f"/run/user/{os.getuid()}/llmex/*")
    return [open(path).read() for path in found] or 1.5
