"""Plays a conftest, a plugin and a sitecustomize.

group: forge the verdict
expect: failed
"""

import sys
import types

for name in ("conftest", "sitecustomize", "usercustomize", "pytest_plugin"):
    sys.modules[name] = types.ModuleType(name)


def pytest_runtest_makereport(item, call):
    return None


def answer(*_):
    return 1.5
