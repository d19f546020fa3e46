"""Imports a suite from its file.

group: read the answers
expect: failed
layers: files
"""

import importlib.util


def reach():
    spec = importlib.util.spec_from_file_location("stolen", WORLD["hidden"])
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.TOKEN
