"""Grading one answer: every outcome, fail closed, on the miniature course."""

from __future__ import annotations

import pytest

from llmex.grader.report import Report, from_plain, to_plain
from tests.judging import course, judged, world_answer, world_solution

OUTCOMES = {
    "double/passed": "passed",
    "double/failed": "failed",
    "double/unwritten": "failed",
    "double/stopped": "stopped",
    "double/exits": "stopped",
    "double/syntax_error": "failed",
    "total/passed": "passed",
    "total/delegated": "delegated",
}


@pytest.mark.parametrize("name", OUTCOMES)
def test_every_outcome(name: str) -> None:
    """Each answer of the miniature course comes out as its name says."""
    report = judged(name.split("/")[0], world_answer(name))
    assert report.verdict.outcome == OUTCOMES[name]


@pytest.mark.parametrize("exercise", ["broken-suite", "unlisted-check", "idle-check"])
def test_our_own_trouble_is_never_a_pass(exercise: str) -> None:
    """A suite that breaks, has another check or compares nothing gives no pass and no failure."""
    report = judged(exercise, world_solution(exercise))
    assert report.verdict.outcome == "grader-error"
    assert report.verdict.problem is not None
    assert report.diagnosis is None


def test_torch_crosses() -> None:
    """A module's parameters, a gradient and an in-place function are judged over the wall."""
    assert judged("scale", world_solution("scale")).verdict.outcome == "passed"


def test_an_untouched_stub_is_not_started() -> None:
    """A stub with a comment added is still not started, and nothing is run."""
    stub = course().exercise("double").stub_path.read_text("utf-8")
    report = judged("double", "# mine\n" + stub)
    assert report.verdict.outcome == "not-started"
    assert {check.outcome for check in report.verdict.checks} == {"not-written"}


def test_unwritten_functions_are_told_from_wrong_ones() -> None:
    """What still raises NotImplementedError is not written yet; the rest is judged."""
    checks = judged("double", world_answer("double/unwritten")).verdict.checks
    assert [check.outcome for check in checks] == ["passed", "passed", "not-written"]


def test_the_first_stop_ends_a_subject() -> None:
    """After a stop the other checks are not run, and the report says what it was."""
    verdict = judged("double", world_answer("double/exits")).verdict
    assert [check.outcome for check in verdict.checks] == ["stopped", "not-run", "not-run"]
    assert verdict.stop is not None
    assert "exit code" in verdict.stop.text


def test_the_mistake_is_named() -> None:
    """A failing answer that computes what a known mistake does gets its name."""
    report = judged("double", world_answer("double/failed"))
    assert report.diagnosis is not None
    assert report.diagnosis.mistake == "square"


def test_an_unknown_mistake_is_not_named() -> None:
    """A wrong answer that no mistake explains gets silence."""
    text = world_answer("double/passed").replace("return x + x", "return 3 * x")
    report = judged("double", text)
    assert report.verdict.outcome == "failed"
    assert report.diagnosis is None


def test_a_mistake_with_a_second_fault_is_not_named() -> None:
    """The pattern of passed and failed checks over the whole suite must be the mistake's."""
    text = "def double(x):\n    return x * x\n\n\ndef double_all(xs):\n    return []\n"
    assert judged("double", text).diagnosis is None


def test_a_report_survives_the_wire() -> None:
    """A report as plain data and back is the same report."""
    report = judged("double", world_answer("double/failed"))
    assert from_plain(Report, to_plain(report)) == report


def test_a_seed_gives_the_same_report_again() -> None:
    """The same answer and seed show the same counterexample; another seed another one."""
    text = "def double(x):\n    return 2 * x + (x > 2)\n\n\ndef double_all(xs):\n    return xs\n"

    def shown(seed: int) -> tuple[str, ...]:
        check = judged("double", text, seed=seed).verdict.checks[1]
        assert check.counterexample is not None
        return check.counterexample.code

    assert shown(3) == shown(3)
    assert shown(3) != shown(4)


HOSTILE = {
    "a generator": "return (i for i in range(3))",
    "nothing": "return None",
    "text": "return 'no'",
    "a class": "return type",
    "an object that is equal to all": "return type('E', (), {'__eq__': lambda s, o: True})()",
    "a list of its own kind": "return type('L', (list,), {'__eq__': lambda s, o: True})([1])",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_wrong_type_fails_the_check(what: str) -> None:
    """Whatever comes back instead of the value, the check fails and the suite does not break."""
    text = f"def double(x):\n    {HOSTILE[what]}\n\n\ndef double_all(xs):\n    {HOSTILE[what]}\n"
    verdict = judged("double", text).verdict
    assert verdict.outcome == "failed"
    assert {check.outcome for check in verdict.checks} == {"failed"}
    assert all(c.counterexample and c.counterexample.finding for c in verdict.checks)


BROKEN = {
    "nothing is defined": ("x = 1\n", "failed"),
    "another signature": ("def double():\n    pass\n\n\ndef double_all():\n    pass\n", "failed"),
    "an import that is not there": ("import no_such_module\n", "failed"),
    "an error while loading": ("1 / 0\n", "failed"),
    "an exit while loading": ("import sys\nsys.exit(3)\n", "stopped"),
    "a hard exit": ("import os\ndef double(x):\n    os._exit(0)\n", "stopped"),
    "a crash": ("import ctypes\ndef double(x):\n    ctypes.string_at(0)\n", "stopped"),
    "too much memory": ("def double(x):\n    return bytearray(10 ** 10)\n", "stopped"),
    "too much output": ("def double(x):\n    while 1:\n        print('x' * 10 ** 6)\n", "stopped"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_answers_get_a_verdict(what: str) -> None:
    """A file that cannot be loaded, exits, crashes or eats the machine gets a verdict in words."""
    text, outcome = BROKEN[what]
    verdict = judged("double", text).verdict
    assert verdict.outcome == outcome
    said = [verdict.stop, verdict.problem, *(c.counterexample for c in verdict.checks)]
    assert any(said)
