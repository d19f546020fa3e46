"""A check's calls, a line each, short whatever their size."""

from __future__ import annotations

import numpy as np

from llmex.grader.answers import AnswerRaised
from llmex.grader.trace import Mark, call_of
from llmex.grader.transcript import LONGEST, transcript
from tests.judging import answer, course, engine, world_answer


def test_a_call_is_one_line() -> None:
    """Arguments, names and the result stand in one line."""
    call = call_of("softmax", ([0, 1],), {"dim": 0}, result=[0.5, 0.5])
    assert transcript([call]) == ("softmax([0, 1], dim=0) -> [0.5, 0.5]",)


def test_objects_go_by_their_labels() -> None:
    """What stayed in the worker is shown by its name."""
    call = call_of("step", (Mark("optimiser"),), result=None)
    assert transcript([call]) == ("step(optimiser) -> None",)


def test_large_values_are_short() -> None:
    """An array of a million numbers takes no more than a line."""
    call = call_of("f", (np.zeros((1000, 1000)),), result=np.ones((1000, 1000)))
    (line,) = transcript([call])
    assert "(1000, 1000)" in line
    assert len(line) < 120


def test_an_error_ends_its_call() -> None:
    """A call that raised says what."""
    (raised,) = transcript([call_of("f", (), error=AnswerRaised("KeyError", (), "'a'"))])
    assert raised == "f() -> KeyError: 'a'"
    (line,) = transcript([call_of("f", (), error=ValueError("no"))])
    assert line == "f() -> ValueError: no"


def test_a_long_trace_is_cut_in_the_middle() -> None:
    """Of very many calls the first and the last are shown, and the rest counted."""
    lines = transcript([call_of("f", (n,), result=n) for n in range(500)])
    assert len(lines) == LONGEST + 1
    assert lines[LONGEST // 2] == f"... {500 - LONGEST} calls ..."
    assert lines[-1] == "f(499) -> 499"


def test_explain_keeps_the_calls_of_failed_checks() -> None:
    """A report has the calls where they were asked for, and only there."""
    from llmex.grader.grade import grade

    exercise = course().exercise("double")
    wrong = answer(exercise, world_answer("double/failed"))
    for explain in (False, True):
        report = grade(exercise, wrong, engine=engine(), explain=explain)
        cases = [check.counterexample for check in report.verdict.checks]
        assert any(case and case.calls for case in cases) is explain
