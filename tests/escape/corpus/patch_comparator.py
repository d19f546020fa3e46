"""Replaces every comparison by one that never fails.

group: forge the verdict
expect: failed
"""

import sys

for name in ("compare", "difference", "evidence", "tally"):
    module = sys.modules.get(f"llmex.grader.{name}")
    for key in list(vars(module or object)):
        if key.startswith(("assert_", "compare_", "_judge", "record")):
            setattr(module, key, lambda *_, **__: None)


def answer(*_):
    return 0.0
