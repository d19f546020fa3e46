"""Exits while the judge's function is called.

group: forge the verdict
expect: stopped, failed
"""

import os


def answer(f):
    if callable(f):
        f(Exception)
        f(1.0)
        os._exit(0)
    return 1.5
