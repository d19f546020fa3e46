"""Have the picture of an exercise drawn from an answer: the panels, or why there are none."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from llmex.grader.engine import Engine, judge
from llmex.grader.errors import LlmexError
from llmex.grader.grade import job_of
from llmex.grader.panel import Picture
from llmex.grader.report import from_plain
from llmex.grader.store import course_text

if TYPE_CHECKING:
    from llmex.grader.exercise import Exercise
    from llmex.grader.sources import Answer


def depict(exercise: Exercise, answer: Answer, engine: Engine) -> Picture:
    """The picture that the exercise's picture.py makes with `answer`, in a locked worker.

    Raises LlmexError where the exercise has no picture.
    """
    path = exercise.picture_path
    if path is None:
        raise LlmexError(
            "{id} has no picture.",
            "`llmex picture --list` shows those that have one.",
            id=exercise.id,
        )
    job = job_of(exercise, answer, diagnose=False, seed=0)
    job = dataclasses.replace(job, stage=course_text(path), picture=True)
    return from_plain(Picture, judge(job.plain(), engine)["picture"])
