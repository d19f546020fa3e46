"""Reads beyond the end of an array that came from the judge.

group: read the answers
expect: failed
"""

import ctypes


def answer(x):
    raw = ctypes.string_at(x.ctypes.data + x.nbytes, 4096)
    return [int.from_bytes(raw[i : i + 8], "little") for i in (0, 8, 16)]
