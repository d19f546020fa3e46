"""A training reports its steps, and its run is kept."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from llmex.grader.grade import grade
from llmex.grader.report import Report, from_plain, to_plain
from llmex.grader.training import MOST_POINTS, thinned
from tests.judging import answer, course, engine, judged
from tests.training.ground import RIGHT, live


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
