"""A picture of a learner's own working code: its data come from the worker, as a call's reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from llmex.grader.draws import Seeds
from llmex.grader.panel import Picture, Undrawable, panels
from llmex.grader.report import Sentence

if TYPE_CHECKING:
    from llmex.grader.job import Job
    from llmex.grader.seat import Seat

FUNCTION = "picture"  # of an exercise's picture.py
NOT_DRAWN = "Your code gave nothing that can be drawn: {why}."
UNWRITTEN = "The picture needs a function that is not written yet."


def sketched(job: Job, seat: Seat) -> Picture:
    """The panels that the exercise's picture.py makes with the subject in `seat`."""
    got: list[Any] = []
    seeds = Seeds(job.exercise, FUNCTION, job.seed)
    outcome, case, trouble = seat.sit(seeds, lambda: got.append(_call(seat)))
    if outcome == "passed":
        try:
            return Picture(panels(got[0]))
        except Undrawable as error:
            return Picture(problem=Sentence(NOT_DRAWN, {"why": error.why.english()}))
    problem = trouble or seat.stop or seat.problem
    if problem is None and outcome == "not-written":
        problem = Sentence(UNWRITTEN)
    finding = case.finding if case else None
    lines = case.lines if case else seat.lines
    return Picture(problem=problem or finding, lines=tuple(lines))


def _call(seat: Seat) -> Any:
    learner = seat.learner
    assert learner is not None  # else the seat says that it did not run
    drawing: Callable[[], Any] = getattr(learner.stage, FUNCTION)
    return drawing()
