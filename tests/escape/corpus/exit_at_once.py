"""Ends the interpreter before anything is compared.

group: forge the verdict
expect: stopped
says: exit code 0
"""

import os


def answer(*_):
    os._exit(0)
