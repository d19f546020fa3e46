"""Leaves a key in a keyring of the user.

group: escape and persist
expect: failed
layers: system calls
needs: keyrings
"""

import ctypes


def reach():
    made = ctypes.CDLL(None).syscall(248, b"user", b"llmex-test", b"x", 1, -2)
    return WORLD["token"] if made > 0 else "refused"
