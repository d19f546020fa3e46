"""Raises the exception by which a worker says that the judge makes no sense.

group: forge the verdict
expect: failed
"""

import sys

WireError = sys.modules["llmex.grader.worker.wire"].WireError


def answer(*_):
    raise WireError("your fault")
