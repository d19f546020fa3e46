"""A mistake is named where its evidence is the learner's, alone, and in one pattern with it."""

from __future__ import annotations

from llmex.grader.diagnosis import explain, failing, suspects
from llmex.grader.evidence import Evidence
from llmex.grader.report import Check, CheckOutcome
from llmex.grader.suite import Ran


def ran(name: str, outcome: CheckOutcome, got: int) -> Ran:
    """One check in which `got` was compared."""
    evidence = Evidence("equal", "", got, 0, 0.0, 0.0, outcome == "passed", 0.0)
    return Ran(Check(name, "", outcome), [evidence])


RIGHT = [ran("a", "passed", 0), ran("b", "passed", 0), ran("c", "passed", 0)]
LEARNER = [ran("a", "failed", 1), ran("b", "failed", 2), ran("c", "passed", 0)]
SAME = [ran("a", "failed", 1), ran("b", "failed", 2), ran("c", "passed", 0)]


def test_the_only_mistake_with_the_same_evidence_is_named() -> None:
    """The same results on every failing check, and the same checks passed, is an explanation."""
    other = [ran("a", "failed", 5), ran("b", "failed", 2), ran("c", "passed", 0)]
    assert explain(LEARNER, RIGHT, {"other": other, "same": SAME}) == "same"
    assert explain(LEARNER, RIGHT, {"other": other}) is None


def test_two_explanations_are_none() -> None:
    """Where several mistakes give the learner's results nobody knows which it is."""
    assert explain(LEARNER, RIGHT, {"one": SAME, "two": SAME}) is None


def test_another_pattern_is_no_explanation() -> None:
    """A mistake that fails what the learner passes, or did not sit for it, is not named."""
    worse = [*SAME[:2], ran("c", "failed", 3)]
    assert suspects(LEARNER, RIGHT, {"worse": worse}) == ["worse"]
    assert explain(LEARNER, RIGHT, {"worse": worse}) is None
    assert explain(LEARNER, RIGHT, {"short": SAME[:2]}) is None


def test_only_what_failed_is_explained() -> None:
    """A check that is not written yet neither needs an explanation nor stands against one."""
    begun = [*LEARNER[:2], Ran(Check("c", "", "not-written"))]
    assert failing(begun) == ["a", "b"]
    assert explain(begun, RIGHT, {"worse": [*SAME[:2], ran("c", "failed", 3)]}) == "worse"
    assert explain(RIGHT, RIGHT, {"same": RIGHT}) is None


def test_a_check_that_the_solution_fails_alike_is_no_evidence() -> None:
    """Where the solution itself fails with the learner's results, no mistake is named."""
    assert explain(LEARNER, [SAME[0], *RIGHT[1:]], {"same": SAME}) is None
    assert explain(LEARNER, RIGHT[:1], {"same": SAME}) == "same"


def test_the_same_values_with_another_end_are_another_evidence() -> None:
    """A mistake that was stopped after the same values did not do what the learner did."""
    stopped = Ran(Check("a", "", "stopped"), LEARNER[0].evidence)
    assert suspects(LEARNER, RIGHT, {"stopped": [stopped, *SAME[1:]]}) == []
