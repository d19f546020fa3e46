"""What a check handed to the comparator, kept so that two answers can be told apart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from llmex.grader.difference import compare_values
from llmex.grader.literal import is_tensor
from llmex.grader.tally import Rule
from llmex.grader.trace import LearnerFault

_DEPTH = 64


@dataclass(frozen=True)
class Evidence:
    """One assertion: the learner's value, what was wanted, and how far apart they are.

    `kind` is close, equal, raises, holds, parts, shape, number or fault. `rtol` and `atol` are the
    check's tolerance (None: by the dtype; 0: exact). `margin` is the greatest error in
    tolerances: 0 where exact, above 1 where it failed, inf for a wrong type, shape or text.
    """

    kind: str
    name: str
    got: Any
    want: Any
    rtol: float | None
    atol: float | None
    passed: bool
    margin: float


recorder: list[Evidence] | None = None


@contextmanager
def recording() -> Iterator[list[Evidence]]:
    """Collect the evidence of every assertion within the block."""
    global recorder
    outer, recorder = recorder, []
    try:
        yield recorder
    finally:
        recorder = outer


def record(evidence: Evidence) -> None:
    """Keep `evidence`, with copies of its arrays, if somebody records."""
    if recorder is not None:
        got, want = _copy(evidence.got, 0), _copy(evidence.want, 0)
        recorder.append(replace(evidence, got=got, want=want))


def note_fault(fault: LearnerFault) -> None:
    """Keep what ended a check as evidence; a failed comparison has left its own already."""
    if hasattr(fault, "counterexample_parts"):
        return
    if name := getattr(fault, "name", ""):
        said: Any = (name, getattr(fault, "message", ""))
    else:
        said = (fault.finding.text, {k: str(v) for k, v in fault.finding.fields.items()})
    record(Evidence("fault", "", said, None, 0.0, 0.0, False, math.inf))


def _copy(value: Any, depth: int) -> Any:
    """A copy that later changes in place do not reach: suites change arrays between checks."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if is_tensor(value):
        return value.detach().clone()
    if depth < _DEPTH and type(value) in (list, tuple):
        return type(value)(_copy(item, depth + 1) for item in value)
    if depth < _DEPTH and type(value) is dict:
        return {key: _copy(item, depth + 1) for key, item in value.items()}
    return value


def same_evidence(a: Sequence[Evidence], b: Sequence[Evidence]) -> bool:
    """Whether two runs of one check handed over the same values, within its tolerance.

    NaN equals NaN; types, dtypes and shapes count; what stayed in the worker equals nothing.
    What ended a check without a comparison counts only where `note_fault` was told of it.
    """
    return len(a) == len(b) and all(map(_same_entry, a, b))


def _same_entry(a: Evidence, b: Evidence) -> bool:
    if (a.kind, a.name, a.passed) != (b.kind, b.name, b.passed):
        return False
    exact = a.kind in ("equal", "raises", "fault")
    rule = Rule(a.rtol, a.atol, exact=exact, strict=True)
    return compare_values(a.got, b.got, rule).same and compare_values(b.got, a.got, rule).same
