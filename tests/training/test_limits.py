"""Trainings have limits of their own, an order, and can be left out."""

from __future__ import annotations

import dataclasses

import pytest

from llmex.grader.engine import judge
from llmex.grader.grade import grade, job_of
from llmex.grader.report import Run, Verdict, from_plain
from llmex.grader.shelf import Shelf, shelved
from tests.judging import WORLD, answer, course, engine, judged, world_solution
from tests.training.ground import REPORT, RIGHT, changed, live


def test_a_stopped_training_says_how_far_it_came() -> None:
    """A training that hits a limit is stopped, with the steps and the curve so far."""
    text = changed((REPORT, "(on_step(step, loss), [0 for _ in iter(int, step // 250)])"))
    verdict = judged("descent", text).verdict
    assert verdict.outcome == "stopped"
    assert verdict.runs[0].reached == 250
    assert verdict.runs[0].value is None
    assert verdict.runs[0].seconds > 1
    assert [check.outcome for check in verdict.checks] == ["stopped", "passed", "passed"]


def test_long_checks_wait_for_quick_ones() -> None:
    """Where a quick check fails nothing is trained, and the report keeps the exercise's order."""
    report = judged("descent", changed(("model, mean = 0.0", "model, mean = 1.0")))
    outcomes = [(check.name, check.outcome) for check in report.verdict.checks]
    assert outcomes == [
        ("test_training", "not-run"), ("test_start", "failed"), ("test_text", "passed"),
    ]  # fmt: skip
    assert report.verdict.runs == ()
    assert report.diagnosis is not None


def test_quick_is_never_a_pass() -> None:
    """Without its long checks a right answer is unfinished, and the report says what is left."""
    exercise = course().exercise("descent")
    report = grade(exercise, answer(exercise, RIGHT), quick=True, engine=engine())
    assert report.verdict.outcome == "unfinished"
    assert report.left_out == ("test_training",)
    assert [check.outcome for check in report.verdict.checks] == ["not-run", "passed", "passed"]
    assert report.verdict.checks[0].title == "The training learns"


def test_quick_changes_nothing_without_long_checks() -> None:
    """An exercise of quick checks alone passes with --quick as well."""
    exercise = course().exercise("double")
    given = answer(exercise, world_solution("double"))
    report = grade(exercise, given, quick=True, engine=engine())
    assert report.verdict.outcome == "passed"
    assert report.left_out == ()


def test_quick_finds_faults() -> None:
    """A wrong answer fails in a quick check as it does in a whole one."""
    exercise = course().exercise("descent")
    wrong = answer(exercise, changed(("model, mean = 0.0", "model, mean = 1.0")))
    report = grade(exercise, wrong, quick=True, engine=engine())
    assert report.verdict.outcome == "failed"
    assert report.diagnosis is not None
    assert report.diagnosis.mistake == "wrong-start"


def test_what_is_missing_makes_a_right_answer_borrowed() -> None:
    """Right, but on what is not one's own: no pass; where the exercise does not ask, a pass."""
    exercise = course().exercise("descent")
    given = answer(exercise, RIGHT)
    report = grade(exercise, given, missing=("double",), engine=engine())
    assert (report.verdict.outcome, report.missing) == ("borrowed", ("double",))
    wrong = answer(exercise, changed(("model, mean = 0.0", "model, mean = 1.0")))
    assert grade(exercise, wrong, missing=("double",), engine=engine()).verdict.outcome == "failed"
    other = course().exercise("double")
    given = answer(other, world_solution("double"))
    report = grade(other, given, missing=("total",), engine=engine())
    assert (report.verdict.outcome, report.missing) == ("passed", ())


def test_data_are_found_by_name_and_stem() -> None:
    """A listed data set is found under both its names, whichever the exercise gave."""
    for listed in ("numbers", "numbers.txt"):
        shelf = Shelf(shelved(WORLD, (listed,)))
        assert shelf("numbers") == shelf("numbers.txt")
        assert shelf("numbers").read_text().startswith("3 5")


def test_data_that_are_not_listed_are_the_suites_fault() -> None:
    """A suite that asks for data which its exercise does not list, or which are gone, is wrong."""
    with pytest.raises(LookupError, match=r"exercise\.yaml"):
        Shelf(shelved(WORLD, ()))("numbers")
    with pytest.raises(LookupError, match="no file"):
        Shelf(shelved(WORLD, ("letters",)))("letters")


@pytest.mark.parametrize("steps", [0, -1, 10**9])
def test_a_run_has_steps(steps: int) -> None:
    """A suite that begins a run of no steps, or of too many, is wrong."""
    with pytest.raises(ValueError, match="steps"):
        live(steps)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_baseline_is_a_number(value: float) -> None:
    """A line to compare with that cannot be drawn is the suite's fault."""
    with pytest.raises(ValueError, match="baseline"):
        live(baselines={"chance": value})


def test_an_empty_run_has_a_record() -> None:
    """A run in which nothing happened is still plain data."""
    run = live()
    run.close()
    assert run.record() == Run("test_x", "nats", 4, seconds=run.record().seconds)


LOOP = "    for step in range(1, steps + 1):"


SLOW = (LOOP, f"    import time\n    time.sleep(1.5 if steps > 100 else 0)\n{LOOP}")


@pytest.mark.parametrize(("long_wall_s", "outcome"), [(60, "passed"), (0, "stopped")])
def test_a_training_may_have_limits_of_its_own(long_wall_s: int, outcome: str) -> None:
    """A long check takes its own time; without a limit of its own it has that of the others."""
    exercise = course().exercise("descent")
    job = job_of(exercise, answer(exercise, changed(SLOW)), diagnose=False, seed=0)
    limits = {**job.limits, "wall_s": 1, "long_wall_s": long_wall_s}
    result = judge(dataclasses.replace(job, limits=limits).plain(), engine())
    verdict = from_plain(Verdict, result["verdicts"]["answer"])
    assert verdict.outcome == outcome
    if outcome == "stopped":
        assert verdict.stop is not None
        assert verdict.stop.fields["seconds"] == 1


def test_a_quick_check_does_not_have_the_time_of_a_training() -> None:
    """What hangs outside of the training is stopped by the limits of the quick checks."""
    exercise = course().exercise("descent")
    hangs = changed(("    return (f", "    while True:\n        pass\n    return (f"))
    job = job_of(exercise, answer(exercise, hangs), diagnose=False, seed=0)
    limits = {**job.limits, "wall_s": 1, "long_wall_s": 600}
    result = judge(dataclasses.replace(job, limits=limits).plain(), engine())
    verdict = from_plain(Verdict, result["verdicts"]["answer"])
    assert verdict.outcome == "stopped"
    assert {c.name: c.outcome for c in verdict.checks}["test_training"] == "not-run"
