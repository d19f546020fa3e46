"""Runs a program that lies in no file.

group: escape and persist
expect: failed
layers: system calls, limits
"""

import ctypes
import os


def reach():
    number = ctypes.CDLL(None).syscall(319, b"x", 0)
    if number < 0:
        return "refused"
    os.write(number, b"#!/bin/sh\n")
    return WORLD["token"]
