"""What the outcomes of checks come to: a pass is that all were run and passed, and nothing less."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace
from typing import Any

import pytest

from llmex.grader import grade, judge, suite
from llmex.grader.job import Job, Subject
from llmex.grader.report import Check, CheckOutcome, Diagnosis, Outcome, Sentence, Verdict
from llmex.grader.suite import Ran, Session
from tests.judging import WORLD, answer, course, world_solution

ANSWER = Subject("answer", "small.double", {})
JOB = Job("double", "suite.py", (), ("test_a", "test_b"), (ANSWER,), {})
STOP = Sentence("it was stopped")


def came_to(*outcomes: CheckOutcome, trouble: Sentence | None = None, **seat: Any) -> str:
    """The outcome of a subject whose checks ended so."""
    ran = [Ran(Check(f"test_{n}", "", outcome)) for n, outcome in enumerate(outcomes)]
    plain: dict[str, Any] = {
        "label": "a",
        "stop": None,
        "problem": None,
        "lines": (),
        "output": "",
        "runs": [],
    }
    sat: Any = SimpleNamespace(**{**plain, "output_lost": 0, "delegated": set(), **seat})
    return judge.verdict(sat, Session({"a": ran}, trouble)).outcome


def test_a_pass_is_that_all_passed() -> None:
    """One check that ended in any other way is no pass."""
    assert came_to("passed", "passed") == "passed"
    others: tuple[CheckOutcome, ...] = ("failed", "not-written", "not-run", "stopped", "error")
    assert [came_to("passed", one) for one in others] == ["failed"] * len(others)


def test_what_a_subject_left_is_kept() -> None:
    """What it printed and how much of it was lost, what it calls, and what kept it from running."""
    sat: Any = SimpleNamespace(
        label="a", stop=None, problem=Sentence("no"), lines=("answer.py:1",), output="hello",
        output_lost=12, delegated={"b", "a"}, runs=[],
    )  # fmt: skip
    checks = (Check("test_a", "", "not-run"),)
    assert judge.verdict(sat, Session({"a": [Ran(checks[0])]})) == Verdict(
        "failed", checks, problem=Sentence("no"), lines=("answer.py:1",), output="hello",
        output_lost=12, delegated_to=("a", "b"),
    )  # fmt: skip


def test_nothing_run_is_no_pass() -> None:
    """A subject that sat for no check at all was not judged."""
    assert came_to() == "grader-error"


def test_trouble_is_more_than_any_outcome() -> None:
    """llmex's own trouble comes first, then what stopped an answer, then what it calls."""
    assert came_to("passed", trouble=Sentence("x")) == "grader-error"
    assert came_to("stopped", trouble=Sentence("x"), stop=STOP) == "grader-error"
    assert came_to("passed", "stopped", stop=STOP, delegated={"torch.softmax"}) == "stopped"
    assert came_to("passed", "failed", delegated={"torch.softmax"}) == "failed"
    assert came_to("passed", delegated={"torch.softmax"}) == "delegated"


@pytest.mark.parametrize("ran", [[], ["test_a"], ["test_a", "test_a"], ["test_a", "test_b"]])
def test_a_session_that_lost_a_check_is_trouble(ran: list[str]) -> None:
    """Where pytest ends well, each subject must still have sat for each of its checks, once."""
    seat: Any = SimpleNamespace(label="answer", checks=["test_a", "test_b"])
    plugin = suite._Plugin(JOB, [seat], lambda *_: None, lambda *_: None)
    plugin.ran["answer"] = [Ran(Check(name, "", "passed")) for name in ran]
    plugin.close(0)
    lost = ran != ["test_a", "test_b"]
    assert (plugin.trouble is not None) is lost
    plugin.trouble = None
    plugin.close(1)
    assert plugin.trouble is not None


def test_a_mistake_is_looked_for_where_one_answer_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a failure has a cause to name; among many subjects, or in trouble, nobody asks."""
    found = Diagnosis("m", "It is wrong.", 1)
    monkeypatch.setattr(judge, "inquire", lambda *_: found)

    def named(outcome: Outcome, job: Job = JOB, trouble: Sentence | None = None) -> object:
        nobody: Any = None
        judging = judge.Judging(job, nobody, nobody, nobody)
        session = Session({"answer": []}, trouble)
        return judging._diagnosis(session, {"answer": Verdict(outcome, ())})

    assert named("failed") is found
    others: tuple[Outcome, ...] = ("passed", "stopped", "delegated", "not-started")
    assert [named(one) for one in others] == [None] * len(others)
    assert named("failed", trouble=Sentence("x")) is None
    many = dataclasses.replace(JOB, subjects=(ANSWER, dataclasses.replace(ANSWER, label="b")))
    assert named("failed", many) is None


def test_nobody_waits_twice_for_a_long_check() -> None:
    """Where only a long check failed, the earlier answers are not put to the test."""
    exercise = course().exercise("descent")
    assert exercise.long
    own = dataclasses.replace(answer(exercise, world_solution("descent")), yours=("double",))
    checks = tuple(
        Check(name, "", "failed" if name in exercise.long else "passed") for name in exercise.checks
    )
    nobody: Any = None
    lent = dataclasses.replace(own, yours=())
    earlier = grade._earlier(exercise, own, Verdict("failed", checks), lent, 0, nobody)
    assert earlier == ((), ())


def test_a_job_crosses_whole() -> None:
    """What the judge reads is what was asked for, field for field."""
    exercise = course().exercise("descent")
    job = grade.job_of(exercise, answer(exercise, "x = 1\n"), diagnose=True, seed=3, quick=True)
    job = dataclasses.replace(
        job, hidden=("/a",), forbids=("f", {"in": "g", "names": ["h"]}), parameters={"f": ["x"]},
        only=("test_training",), data={"d": "/d"}, survey=True, explain=True, measure=True,
        until_failure=True, picture=True, stage="x = 1\n", scratch=True,
    )  # fmt: skip
    assert job.mistakes
    assert job.solution is not None
    asked = json.loads(json.dumps(dataclasses.asdict(job)))
    crossed = json.loads(json.dumps(job.plain()))
    assert crossed == asked
    assert json.loads(json.dumps(dataclasses.asdict(Job.of(crossed)))) == asked


def test_both_trees_of_a_course_are_hidden() -> None:
    """Wherever a course lies, no answer may read its exercises or its solutions."""
    exercise = course().exercise("double")
    hidden = grade.setting(exercise)["hidden"]
    assert hidden == tuple(str(WORLD / tree) for tree in ("exercises", "solutions"))
