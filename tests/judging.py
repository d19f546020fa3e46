"""How our tests judge: the miniature course, its answers, and one engine for the whole session."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from llmex.grader.catalog import Course, Exercise, load_course
from llmex.grader.engine import Engine
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.grade import grade
from llmex.grader.report import Report
from llmex.grader.sources import Answer, gather

ROOT = Path(__file__).resolve().parent.parent
WORLD = ROOT / "tests" / "world"


@cache
def course(root: Path | None = WORLD) -> Course:
    """The miniature course, or llmex's own with None."""
    return load_course(root)


@cache
def engine() -> Engine:
    """One engine of our own, ended with the test process."""
    return PrivateEngine()


def answer(exercise: Exercise, text: str, home: Course | None = None) -> Answer:
    """An answer made of a text alone; earlier answers are the provided ones."""
    return gather(home or course(), exercise, text, None)


def judged(exercise_id: str, text: str, home: Course | None = None, seed: int = 0) -> Report:
    """The report on a text as the answer to an exercise."""
    home = home or course()
    exercise = home.exercise(exercise_id)
    return grade(exercise, answer(exercise, text, home), engine=engine(), seed=seed)


def world_answer(name: str) -> str:
    """The text of one of the miniature course's answers: "double/passed"."""
    return (WORLD / "answers" / f"{name}.py").read_text("utf-8")


def world_solution(exercise_id: str) -> str:
    """The text of one of the miniature course's solutions."""
    return (WORLD / "solutions" / "small" / exercise_id / "solution.py").read_text("utf-8")
