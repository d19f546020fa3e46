"""Cannot be loaded, and says so in a traceback without end.

group: attack the report
expect: failed
"""

import sys

faults = sys.modules["llmex.grader.worker.faults"]
faults.lines_of = lambda *_: ["answer.py:1: " + "y" * 90] * 30_000
faults.text_of = lambda *_: "z\n" * 100_000

raise ValueError
