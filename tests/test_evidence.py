"""Evidence: what every assertion leaves behind, and when two runs left the same."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader import compare
from llmex.grader.compare import (
    CheckFailed,
    assert_close,
    assert_equal,
    assert_holds,
    assert_number,
    assert_raises,
    assert_shape,
    recording,
    same_evidence,
    unpack,
)
from llmex.grader.report import Counterexample, Sentence
from llmex.grader.trace import LearnerFault


class Handle:
    """A stand-in for an object that stayed in the worker."""

    remote_type = "generator"


class Raised(LearnerFault):
    """A stand-in for an exception of the answer."""

    def __init__(self, name: str, *bases: str, message: str = "") -> None:
        super().__init__(Sentence("{name} was raised", {"name": name}))
        self.name, self.bases, self.message = name, (name, *bases, "Exception"), message


def refused(check: Callable[..., Any], *args: Any, **kwargs: Any) -> Counterexample:
    """What a check says that must fail."""
    with pytest.raises(CheckFailed) as caught:
        check(*args, **kwargs)
    assert isinstance(caught.value, AssertionError)
    return caught.value.counterexample_parts


A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
T = torch.tensor(A)
HANDLE = Handle()


def evidence_of(*got: Any, want: Any = None, **options: Any) -> list[compare.Evidence]:
    """The evidence of comparing each value, passed or failed."""
    with recording() as evidence:
        for value in got:
            try:
                assert_close(value, A if want is None else want, **options)
            except CheckFailed:
                continue
    return evidence


def test_every_assertion_is_recorded() -> None:
    """Each judgement leaves one entry, passed or not; without a recorder none is kept."""
    with recording() as evidence:
        assert_close(A, A, name="a")
        assert_equal(1, 1)
        assert_holds(True, got=2, why="")
        assert_shape(A, (2, 3))
        assert assert_number(1) == 1
        assert unpack((1, 2), 2) == (1, 2)
        refused(assert_raises, ValueError, int)
        refused(assert_close, None, A)
    kinds = ["close", "equal", "holds", "shape", "number", "parts", "raises", "close"]
    assert [entry.kind for entry in evidence] == kinds
    assert [entry.passed for entry in evidence] == [True] * 6 + [False] * 2
    assert evidence[0].name == "a"
    assert (evidence[0].rtol, evidence[0].atol) == (1e-9, 1e-9)
    assert (evidence[1].rtol, evidence[1].atol) == (0, 0)
    assert [entry.margin for entry in evidence] == [0.0] * 6 + [np.inf] * 2
    assert_close(A, A)
    assert len(evidence) == 8
    with recording() as outer:
        with recording() as inner:
            assert_equal(1, 1)
        assert_equal(2, 2)
    assert [[entry.got for entry in one] for one in (outer, inner)] == [[2], [1]]


def test_margin_is_the_error_in_tolerances() -> None:
    """The margin of a pass is at most 1; ten tolerances are 10; a wrong shape is beyond measure."""
    one = evidence_of(1.0, 1.05, 2.0, None, want=1.0, rtol=0, atol=0.1)
    assert [entry.margin for entry in one] == [0.0, pytest.approx(0.5), pytest.approx(10), np.inf]
    got = A.copy()
    got[1, 1] += 5.0
    assert evidence_of(got, A.T, got * np.nan, rtol=0, atol=1)[0].margin == pytest.approx(5.0)
    assert [e.margin for e in evidence_of(A.T, A * np.nan)] == [np.inf, np.inf]
    (first,) = evidence_of([3.0, 2.5], want=[1.0, 2.0], rtol=0, atol=1)
    assert first.margin == pytest.approx(2.0)


def test_evidence_is_a_copy() -> None:
    """What a suite does later to its arrays does not change what was recorded."""
    value, tensor = A.copy(), T.clone()
    with recording() as evidence:
        assert_close(value, A)
        assert_close([tensor], [T])
    value += 1.0
    tensor += 1.0
    assert evidence[0].got[0, 0] == 1.0
    assert evidence[1].got[0][0, 0] == 1.0


def test_same_evidence_is_sameness_of_values() -> None:
    """Two runs are the same within the tolerance, NaN for NaN; not by both being wrong."""
    wrong = evidence_of(A * 2)
    assert same_evidence(wrong, evidence_of(A * 2 + 1e-10))
    assert not same_evidence(wrong, evidence_of(A * 3))
    assert not same_evidence(wrong, evidence_of(A * 2, A * 2))
    assert not same_evidence(wrong, evidence_of(T * 2))
    assert not same_evidence(wrong, evidence_of((A * 2).astype(np.float32)))
    assert same_evidence(evidence_of(A * np.nan), evidence_of(A * np.nan))
    assert not same_evidence(evidence_of(HANDLE), evidence_of(HANDLE))
    assert same_evidence(evidence_of(None), evidence_of(None))
    assert not same_evidence(evidence_of(1, want=True), evidence_of(1.0, want=True))
    assert not same_evidence(evidence_of(A, rtol=0.1), evidence_of(A * 1.5, rtol=0.1))
    number, tensor = evidence_of(1.0, want=1.0), evidence_of(torch.tensor(1.0), want=1.0)
    assert not same_evidence(number, tensor)
    assert not same_evidence(tensor, number)


def test_evidence_is_of_a_name_and_an_outcome() -> None:
    """The same value under another name, or with another outcome, is another evidence."""

    def held(holds: bool, name: str) -> list[compare.Evidence]:
        with recording() as evidence:
            try:
                assert_holds(holds, got=1.0, why="", name=name)
            except CheckFailed:
                return evidence
        return evidence

    assert same_evidence(held(True, "loss"), held(True, "loss"))
    assert not same_evidence(held(True, "loss"), held(True, "norm"))
    assert not same_evidence(held(True, "loss"), held(False, "loss"))


def test_an_object_in_the_place_of_an_error_is_the_same_as_another() -> None:
    """Nobody can compare what stayed away: where an error was promised, its type is enough."""

    def returning(*parts: Any) -> list[compare.Evidence]:
        with recording() as evidence:
            refused(assert_raises, ValueError, lambda: [1, *parts])
        return evidence

    assert same_evidence(returning(HANDLE), returning(Handle()))
    assert not same_evidence(returning(HANDLE), returning(2))
    assert not same_evidence(returning(HANDLE), returning(HANDLE, HANDLE))


def test_what_ended_a_check_is_evidence() -> None:
    """Two errors are the same by name and message; a failed comparison is not kept twice."""

    def noted(fault: LearnerFault) -> list[compare.Evidence]:
        with recording() as evidence:
            compare.note_fault(fault)
        return evidence

    index = noted(Raised("IndexError", message="out of range"))
    assert same_evidence(index, noted(Raised("IndexError", message="out of range")))
    assert not same_evidence(index, noted(Raised("KeyError", message="out of range")))
    assert not same_evidence(index, noted(Raised("IndexError", message="other")))
    changed = noted(LearnerFault(Sentence("changed {x}", {"x": "a"})))
    assert not same_evidence(changed, noted(LearnerFault(Sentence("changed {x}", {"x": "b"}))))
    assert noted(CheckFailed(Counterexample(), None)) == []
