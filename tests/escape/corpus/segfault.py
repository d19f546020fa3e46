"""Reads where nothing is.

group: exhaust
expect: stopped
says: SIGSEGV
"""

import ctypes


def answer(*_):
    return ctypes.string_at(8)
