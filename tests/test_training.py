"""Trainings in checks: what comes in while they run, and what answers do with the callback."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import pytest

from llmex.grader.engine import judge
from llmex.grader.grade import grade, job_of
from llmex.grader.report import Report, Run, Sentence, Verdict, from_plain, to_plain
from llmex.grader.shelf import Shelf, shelved
from llmex.grader.training import MOST_POINTS, LiveRun, RunFault, Training, thinned
from tests.judging import WORLD, answer, course, engine, judged, world_solution

RIGHT = world_solution("descent")
REPORT = "on_step(step, loss)"


def changed(*edits: tuple[str, str]) -> str:
    """The solution with some of its text replaced."""
    text = RIGHT
    for find, replace in edits:
        assert text.count(find) == 1, find
        text = text.replace(find, replace)
    return text


def live(steps: int = 4, heard: list[dict[str, Any]] | None = None) -> LiveRun:
    """A run as a suite has it, without a session around it."""

    def halt(cause: Sentence) -> Any:
        raise SystemExit(cause.english())

    hear = (heard if heard is not None else []).append
    return Training("test_x", [], halt, hear).begin(steps=steps, unit="nats")


def training_of(report: Report) -> Any:
    """The check that trains."""
    return next(c for c in report.verdict.checks if c.name == "test_training")


# -- a run that ends well -----------------------------------------------------------------------


def test_a_training_is_recorded() -> None:
    """A right answer passes, and the report holds its curve, samples, loss, gate and baselines."""
    report = judged("descent", RIGHT)
    assert report.verdict.outcome == "passed"
    run = report.verdict.runs[0]
    assert (run.check, run.unit, run.steps, run.reached) == (
        "test_training", "squared error", 600, 600,
    )  # fmt: skip
    assert run.losses[0] == (1, 16.0)
    assert run.losses[-1][0] == 600
    assert run.baselines == {"start": 16.0, "near": 1.0}
    assert [step for step, _ in run.samples] == [0, 20, 600]
    assert run.value == pytest.approx(0.5, abs=1e-4)
    assert run.gate == (0.1, 0.9)


def test_a_run_survives_json() -> None:
    """A report with a training is the same report after JSON and back."""
    report = judged("descent", RIGHT)
    plain = json.loads(json.dumps(to_plain(report), allow_nan=False))
    again = from_plain(Report, plain)
    assert to_plain(again) == to_plain(report)
    assert again.verdict.runs[0].gate == (0.1, 0.9)


def test_steps_are_told_while_it_runs() -> None:
    """The first and the last step are told, in order, before the check that they belong to."""
    heard: list[dict[str, Any]] = []
    exercise = course().exercise("descent")
    grade(exercise, answer(exercise, RIGHT), engine=engine(), on_event=heard.append)
    first_run = [e for e in heard if e["event"] == "step" and e["steps"] == 600]
    assert [first_run[0]["step"], first_run[-1]["step"]] == [1, 600]
    assert {e["subject"] for e in first_run} == {"answer"}
    assert heard[-1] == {
        "event": "check", "subject": "answer", "check": "test_training", "outcome": "passed",
    }  # fmt: skip


def test_steps_are_told_a_few_times_a_second() -> None:
    """However many steps come, no more than the first, the last and a few between are told."""
    heard: list[dict[str, Any]] = []
    run = live(5000, heard)
    for step in range(5000):
        run.step(step, 1.0)
    assert heard[0]["step"] == 1
    assert heard[-1]["step"] == 5000
    told = math.ceil(heard[-1]["seconds"] / 0.2)
    assert len(heard) <= 2 + told


def test_a_curve_is_thinned() -> None:
    """At most 400 points stay: the first as it was, the last step, and the mean of all the rest."""
    losses = [(step, float(step % 7)) for step in range(1, 5001)]
    kept = thinned(losses)
    assert len(kept) == MOST_POINTS
    assert kept[0] == losses[0]
    assert kept[-1][0] == 5000
    assert [step for step, _ in kept] == sorted({step for step, _ in kept})
    assert thinned(losses[:400]) == tuple(losses[:400])
    even = thinned([(step, float(step)) for step in range(1, 400 * 399 + 2)])
    stretch = 400 * 399 // 399
    assert even[1][0] == stretch + 1
    assert even[1][1] == pytest.approx((2 + stretch + 1) / 2)


def test_steps_may_begin_at_zero() -> None:
    """Steps are counted from 0 or from 1, and NumPy's numbers are numbers."""
    numpy = pytest.importorskip("numpy")
    run = live(2)
    run.step(numpy.int64(0), numpy.float32(0.5))
    run.step(1, numpy.array(0.25))
    assert run.losses == [(0, 0.5), (1, 0.25)]
    assert run.finish(numpy.float64(0.25), gate=(0, 1)) == 0.25


# -- answers that do something else with the callback ---------------------------------------

FAULTS = {
    "a step that is text": ("on_step('x', loss)", "as a step"),
    "a step that is a truth value": ("on_step(True, loss)", "as a step"),
    "a step that is a fraction": ("on_step(step + 0.5, loss)", "as a step"),
    "a step that is huge": ("on_step(10 ** 300, loss)", "first step"),
    "steps that begin at 2": ("on_step(step + 1, loss)", "begin at 0 or 1"),
    "the same step twice": ("on_step(1, loss)", "after step 1"),
    "steps backwards": ("on_step(1 if step == 1 else 601 - step, loss)", "in order"),
    "every second step": ("step % 2 and on_step(step, loss)", "in order"),
    "a loss that is text": ("on_step(step, '\\x1b[2J')", "must be a number"),
    "a loss that is nothing": ("on_step(step, None)", "must be a number"),
    "a loss that is a list": ("on_step(step, [loss])", "must be a number"),
    "a loss that is a truth value": ("on_step(step, True)", "must be a number"),
    "a loss that is complex": ("on_step(step, 1j)", "must be a number"),
    "NaN": ("on_step(step, float('nan'))", "diverged"),
    "infinity": ("on_step(step, float('inf'))", "diverged"),
    "an integer beyond all floats": ("on_step(step, 10 ** 400)", "diverged"),
    "one step fewer": ("step > 1 and on_step(step - 1, loss)", "599 of its 600"),
    "one step more": ("(on_step(step, loss), step == 600 and on_step(601, 0.0))", "more than"),
    "no step at all": ("None", "0 of its 600"),
}


@pytest.mark.parametrize("what", FAULTS)
def test_nonsense_fails_the_check(what: str) -> None:
    """Whatever is reported in the place of a step, its check fails and says why; others go on."""
    call, said = FAULTS[what]
    report = judged("descent", changed((REPORT, call)))
    assert report.verdict.outcome == "failed"
    assert [check.outcome for check in report.verdict.checks] == ["failed", "passed", "passed"]
    case = training_of(report).counterexample
    assert case is not None
    assert case.finding is not None
    assert said in case.finding.english()
    assert "\x1b" not in case.finding.english()


def test_the_callback_has_its_own_signature() -> None:
    """A call with other arguments is the answer's own TypeError, as for any function."""
    report = judged("descent", changed((REPORT, "on_step(step)")))
    case = training_of(report).counterexample
    assert case is not None
    assert case.finding is not None
    assert "TypeError" in case.finding.english()


SWALLOW = """
            try:
                on_step(step, loss)
            except BaseException:
                pass"""


def test_a_fault_cannot_be_swallowed() -> None:
    """An answer that catches what its nonsense raises fails all the same."""
    text = changed((f" {REPORT}", SWALLOW.replace("(step, loss)", "(-step, loss)")))
    assert training_of(judged("descent", text)).outcome == "failed"


FLOOD = """
            for _ in range(10 ** 9):
                try:
                    on_step(step, loss)
                except BaseException:
                    pass"""


def test_a_flood_of_steps_ends_the_answer() -> None:
    """A thousand million reports that make no sense end the answer long before its limits do."""
    verdict = judged("descent", changed((f" {REPORT}", FLOOD))).verdict
    assert verdict.outcome == "stopped"
    assert verdict.stop is not None
    assert "make no sense" in verdict.stop.english()
    assert verdict.runs[0].reached == 1


def test_a_step_after_the_end_fails() -> None:
    """A callback that was kept and is called after the run counts for nothing and fails."""
    text = changed(
        ("    return model", "    global kept\n    kept = kept or on_step\n    return model"),
        ('    return (f"', '    kept and kept(1, 0.0)\n    return (f"'),
    )
    text += "\n\nkept = None\n"
    case = training_of(judged("descent", text)).counterexample
    assert case is not None
    assert case.finding is not None
    assert "after its end" in case.finding.english()


def test_samples_must_be_text() -> None:
    """A sample that is no text fails the check."""
    text = changed(("    return (f", "    return model if length == 30 else (f"))
    case = training_of(judged("descent", text)).counterexample
    assert case is not None
    assert case.finding is not None
    assert "must be text, not float" in case.finding.english()
    run = live()
    with pytest.raises(RunFault, match="must be text"):
        run.sample(0, 3)


@pytest.mark.parametrize("value", [None, "1.7", float("nan"), float("inf"), [1.0]])
def test_the_measured_loss_is_a_number(value: object) -> None:
    """A model on which no finite loss can be measured fails, and the report can still be sent."""
    run = live(1)
    run.step(1, 2.0)
    with pytest.raises(RunFault, match="finite number"):
        run.finish(value, gate=(1, 2))
    assert run.record().value is None


@pytest.mark.parametrize(("model", "said"), [("1.0", "learned too little"), ("3.5", "leaked")])
def test_the_gate_is_the_suites(model: str, said: str) -> None:
    """A loss above or below the gate fails by the suite's own words, and is in the record."""
    text = changed(("    return model\n", f"    return {model} if steps == 600 else model\n"))
    report = judged("descent", text)
    case = training_of(report).counterexample
    assert case is not None
    assert case.why is not None
    assert said in case.why.english()
    assert report.verdict.runs[0].value == abs(float(model) - 3.5)


# -- limits, order, and what is left out -----------------------------------------------------------


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


# -- data ------------------------------------------------------------------------------------------


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


def test_an_empty_run_has_a_record() -> None:
    """A run in which nothing happened is still plain data."""
    run = live()
    run.close()
    assert run.record() == Run("test_x", "nats", 4, seconds=run.record().seconds)


# -- limits ---------------------------------------------------------------------------------------

LOOP = "    for step in range(1, steps + 1):"
SLOW = (LOOP, f"    import time\n    time.sleep(1.5 if steps > 100 else 0)\n{LOOP}")


@pytest.mark.parametrize(("long_wall_s", "outcome"), [(60, "passed"), (0, "stopped")])
def test_a_training_may_have_limits_of_its_own(long_wall_s: float, outcome: str) -> None:
    """A long check takes its own time; without a limit of its own it has that of the others."""
    exercise = course().exercise("descent")
    job = job_of(exercise, answer(exercise, changed(SLOW)), diagnose=False, seed=0)
    limits = {**job.limits, "wall_s": 1.0, "long_wall_s": long_wall_s}
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
    limits = {**job.limits, "wall_s": 1.0, "long_wall_s": 600.0}
    result = judge(dataclasses.replace(job, limits=limits).plain(), engine())
    verdict = from_plain(Verdict, result["verdicts"]["answer"])
    assert verdict.outcome == "stopped"
    assert {c.name: c.outcome for c in verdict.checks}["test_training"] == "not-run"
