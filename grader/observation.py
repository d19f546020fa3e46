"""What a session tells an author: who is taken for whom, what wavers, what is never asked."""

from __future__ import annotations

import ast
import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from llmex.grader import compare, diagnosis
from llmex.grader.evidence import Evidence
from llmex.grader.job import AGAIN, SOLUTION, Job
from llmex.grader.literal import array_of, is_tensor
from llmex.grader.suite import Ran, Session
from llmex.grader.trace import Call, Mark

_MOST = 20  # values of one argument that are kept apart
_LONGEST = 60


@dataclass
class Asked:
    """How one function of the solution was called: with which values, with arrays of which kind.

    `pairs` says of each two sizes ("d_in d_out", by name or position) whether they ever differed.
    """

    arrays: bool = False
    uneven: bool = False
    given: dict[str, list[str]] = field(default_factory=dict)
    pairs: dict[str, bool] = field(default_factory=dict)


class Observation:
    """Listens to the solution's calls; `plain()` is what they come to, function by function."""

    def __init__(self) -> None:
        self._asked: dict[str, Asked] = {}

    def note(self, trace: Sequence[Call]) -> None:
        """Take in the calls of one check; the stage is left out.

        What the methods of a class are given is noted under its name with brackets: "Affine()".
        """
        for call in trace:
            made = call.on.made_by if call.on is not None else None
            target = call.target if call.on is None else f"{made.target}()" if made else "."
            if "." not in target:
                args, kwargs = call.sent()
                asked = self._asked.setdefault(target, Asked())
                _note_values(asked, {**{str(i): v for i, v in enumerate(args)}, **kwargs})

    def plain(self) -> dict[str, Any]:
        """For each function: {arrays, uneven, given: {position or name: values}, pairs}."""
        return {target: vars(asked) for target, asked in self._asked.items()}


def facts(job: Job, session: Session, observation: Observation) -> dict[str, Any]:
    """What an author check wants to know beyond the verdicts, as plain data."""
    return {
        "margins": {label: _margins(ran) for label, ran in session.ran.items()},
        "alike": _alike(job, session),
        "unsteady": _unsteady(session),
        "exact": _exact(session.ran.get(SOLUTION, [])),
        "printed": session.printed,
        "calls": observation.plain(),
    }


def _margins(ran: Sequence[Ran]) -> dict[str, float]:
    """By how many tolerances each failed check missed; inf where it is no matter of degree."""
    return {
        one.check.name: max((e.margin for e in one.evidence if not e.passed), default=math.inf)
        for one in ran
        if one.check.outcome == "failed"
    }


def _alike(job: Job, session: Session) -> dict[str, list[str]]:
    """For each mistake that fails: the mistakes that could be named for it, itself among them."""
    right = session.ran.get(SOLUTION, [])
    labels = [subject.label for subject in job.mistakes if subject.label in session.ran]
    mistakes = {label: session.ran[label] for label in labels}
    return {
        label: [
            other
            for other in diagnosis.suspects(ran, right, mistakes)
            if diagnosis.same_pattern(ran, mistakes[other])
        ]
        for label, ran in mistakes.items()
        if diagnosis.failing(ran)
    }


def _unsteady(session: Session) -> list[str]:
    """The checks in which the solution, judged twice with the same seed, differs from itself."""
    once = {one.check.name: one.evidence for one in session.ran.get(SOLUTION, [])}
    return [
        again.check.name
        for again in session.ran.get(AGAIN, [])
        if not compare.same_evidence(once.get(again.check.name, ()), again.evidence)
    ]


def _exact(ran: Sequence[Ran]) -> list[str]:
    """The checks that compare numbers with a fraction to the last bit."""
    return [one.check.name for one in ran if any(map(_to_the_last_bit, one.evidence))]


def _to_the_last_bit(evidence: Evidence) -> bool:
    if evidence.kind == "equal":
        return any(_has_fractions(array) for array in _arrays(evidence.want))
    if evidence.kind != "close" or evidence.rtol is None or evidence.atol is None:
        return False
    for array in filter(_has_fractions, _arrays(evidence.want)):
        largest = float(np.abs(array[np.isfinite(array)]).max(initial=0.0))
        bits = float(np.finfo(array.dtype).eps)
        if evidence.rtol * largest + evidence.atol < bits * largest / 2:
            return True
    return False


def _has_fractions(array: Any) -> bool:
    finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array[:0]
    return bool((finite != np.round(finite)).any())


def _arrays(value: Any) -> Iterator[Any]:
    """Every number, array and tensor in a value, as an array."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _arrays(item)
    elif isinstance(value, (np.ndarray, float)) or is_tensor(value):
        yield array_of(value)[0]


def _note_values(asked: Asked, values: dict[str, Any]) -> None:
    for name, value in values.items():
        known = asked.given.setdefault(name, [])
        text = repr(value) if _is_plain(value) else f"a {type(value).__name__}"
        if len(known) < _MOST and text[:_LONGEST] not in known:
            known.append(text[:_LONGEST])
    sizes = [(name, value) for name, value in values.items() if type(value) is int and value > 1]
    for (one, first), (other, second) in itertools.combinations(sizes, 2):
        pair = f"{one} {other}"
        asked.pairs[pair] = asked.pairs.get(pair, False) or first != second
    for shape in _shapes(list(values.values())):
        asked.arrays = True
        asked.uneven |= min(shape) > 1 and len(set(shape)) == len(shape)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (bool, int, float, str, bytes))


def _shapes(value: Any) -> Iterator[tuple[int, ...]]:
    """The shapes of all arrays of two dimensions or more in a value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _shapes(item)
    elif isinstance(value, Mark) and value.kind == "large":
        yield from _shapes(_sketched(value))
    elif len(shape := tuple(getattr(value, "shape", ()))) > 1:
        yield shape


def _sketched(mark: Mark) -> Any:
    """An array of the shape that a mark tells, which takes no memory."""
    shape = ast.literal_eval(mark.text.rpartition("shape ")[2])
    return np.broadcast_to(np.False_, shape)
