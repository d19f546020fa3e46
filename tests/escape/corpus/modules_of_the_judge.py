"""Takes what the judge's modules hold in this process.

group: read the answers
expect: failed
"""

import sys


def answer(*_):
    evidence = sys.modules["llmex.grader.evidence"].recorder
    suites = [m for n, m in sys.modules.items() if "suite" in n and hasattr(m, "CHANCE")]
    return (evidence or suites or [0.0])[0]
