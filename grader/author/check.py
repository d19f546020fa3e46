"""Proves in seconds that an exercise grades what it claims, or says in which line it does not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from llmex.grader.author import sources, survey, words
from llmex.grader.catalog import Course, Exercise, mistakes
from llmex.grader.engine import Engine, open_engine
from llmex.grader.errors import LlmexError
from llmex.grader.mistakes import Mistake
from llmex.grader.problems import exercise_problems, problems

CORES = 2


@dataclass(frozen=True)
class Checked:
    """One exercise's findings; none means that it grades what it claims."""

    exercise: str
    findings: tuple[LlmexError, ...]
    mistakes: int = 0
    seconds: float = 0.0


def check(
    course: Course,
    ids: Sequence[str],
    on_checked: Callable[[Checked], None] = lambda _: None,
) -> list[Checked]:
    """Check the exercises with these ids, on both cores; each is told as it is done.

    Findings that belong to no single exercise come first, under the id "".
    """
    whole = Checked("", tuple(_of_the_course(course, ids)))
    on_checked(whole)
    told = threading.Lock()

    def one(exercise_id: str) -> Checked:
        done = _check_one(course, exercise_id, engine)
        with told:
            on_checked(done)
        return done

    with open_engine(CORES) as engine, ThreadPoolExecutor(CORES) as pool:
        return [whole, *pool.map(one, ids)]


def _check_one(course: Course, exercise_id: str, engine: Engine) -> Checked:
    started = time.monotonic()
    exercise, errors = course.attempt(exercise_id)
    known: list[Mistake] = []
    if exercise is not None:
        errors = list(exercise_problems(course, exercise))
        errors += sources.findings(exercise)
        if not errors or _can_run(exercise):
            known = _mistakes(exercise, errors)
            errors += words.findings(exercise, known)
            errors += survey.findings(course, exercise, known, engine)
    return Checked(exercise_id, tuple(errors), len(known), time.monotonic() - started)


def _mistakes(exercise: Exercise, errors: list[LlmexError]) -> list[Mistake]:
    """The mistakes whose edits can be made; the others are findings already."""
    good = []
    for mistake in mistakes(exercise):
        try:
            mistake.source()
        except LlmexError:
            continue
        good.append(mistake)
    if len(good) < words.MISTAKES:
        errors.append(
            LlmexError(
                "{file} holds {n} mistakes.",
                "Write at least {wanted}: the likeliest wrong answers, each with its cause.",
                file=str(exercise.mistakes_path),
                n=len(good),
                wanted=words.MISTAKES,
            )
        )
    return good


def _can_run(exercise: Exercise) -> bool:
    needed = (exercise.stub_path, exercise.solution_path, exercise.suite_path)
    return all(path.is_file() for path in (*needed, exercise.mistakes_path))


def _of_the_course(course: Course, ids: Sequence[str]) -> list[LlmexError]:
    """The course's own errors, without those that an exercise will tell itself."""
    own = {
        str(error)
        for exercise_id in course.ids
        for exercise, errors in [course.attempt(exercise_id)]
        for error in [*errors, *(exercise_problems(course, exercise) if exercise else [])]
    }
    return [error for error in problems(course) if str(error) not in own] if ids else []
