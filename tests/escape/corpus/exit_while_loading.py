"""Ends before the first check.

group: forge the verdict
expect: stopped
says: exit code 0
"""

import os

os._exit(0)
