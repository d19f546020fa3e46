"""A failed check as something to look at: the call as Python, what came back, what should have."""

from __future__ import annotations

from collections.abc import Sequence

from llmex.grader.report import Counterexample
from llmex.grader.trace import Call, LearnerFault


def build(
    fault: LearnerFault | None, trace: Sequence[Call], module: str, printed: str = ""
) -> Counterexample | None:
    """The counterexample of a check that `fault` ended; None where there is nothing to show."""
    del trace, module
    if fault is None:
        return None
    parts = getattr(fault, "counterexample_parts", None)
    if parts is not None:
        return Counterexample(**{**vars(parts), "printed": printed})
    return Counterexample(finding=fault.finding, lines=fault.lines, printed=printed)
