"""Puts the hidden folder on sys.path and imports from it.

group: read the answers
expect: failed
layers: files
"""

import importlib
import os
import sys


def reach():
    sys.path.insert(0, os.path.dirname(WORLD["hidden"]))
    sys.path_importer_cache.clear()
    return importlib.import_module("suite").TOKEN
