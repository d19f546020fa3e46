"""What a learner has done: frozen records, and the functions that carry them one step further."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from llmex.grader.catalog import Course
from llmex.grader.report import Outcome, Sentence
from llmex.grader.schema import Rule

VERSION = 1
"""The version of progress.yaml that this llmex writes."""

Status = Literal["started", "tried", "passed"]
"""The stub is there; it was checked; it passed once. A pass stays a pass."""

_count = Rule("a count", low=0)


@dataclass(frozen=True)
class ExerciseProgress:
    """One exercise in progress.yaml.

    `passed` of `of` checks passed: in the pass, or else in the last check. `version` is the
    exercise's at that time, `answer_hash` the hash of the answer that passed with its imports,
    `stub_hash` that of the stub it started from. `gave_up`: the solution was read before a pass.
    """

    status: Annotated[Status, Rule("how far it is")] = "started"
    attempts: Annotated[int, _count] = 0
    hints_seen: Annotated[int, _count] = 0
    passed: Annotated[int, _count] = 0
    of: Annotated[int, _count] = 0
    first_passed: Annotated[str | None, Rule("a time in UTC")] = None
    version: Annotated[int | None, Rule("the exercise's version", low=1)] = None
    answer_hash: str | None = None
    stub_hash: str | None = None
    gave_up: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict, metadata={"aside": True})

    @property
    def done(self) -> bool:
        """Whether it has ever passed."""
        return self.status == "passed"


@dataclass(frozen=True)
class Progress:
    """progress.yaml. `notice` is one line for the learner, if reading it needed a repair.

    `course` is the folder of a third-party course, relative to the workspace. `open` says whether
    `llmex next` opens what it brings. `extra` holds the keys that this llmex does not know; they
    are kept.
    """

    version: Annotated[int, Rule("the version of this file", low=0, high=VERSION)] = VERSION
    language: Annotated[str | None, Rule("en or zh")] = None
    track: Annotated[str | None, Rule("the name of a track")] = None
    course: Annotated[str | None, Rule("the folder of a course")] = None
    current: Annotated[str | None, Rule("the id of an exercise")] = None
    open: Annotated[str | None, Rule("always or never")] = None
    exercises: Mapping[str, ExerciseProgress] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict, metadata={"aside": True})
    notice: Sentence | None = field(default=None, compare=False, metadata={"aside": True})

    def entry(self, exercise_id: str) -> ExerciseProgress | None:
        """What is known of this exercise; None if it was never started."""
        return self.exercises.get(exercise_id)

    def done(self, exercise_id: str) -> bool:
        """Whether this exercise has ever passed."""
        entry = self.entry(exercise_id)
        return entry is not None and entry.done


def started(
    progress: Progress, exercise_id: str, *, version: int, stub_hash: str | None = None
) -> Progress:
    """The exercise is now the current one; `stub_hash` is given where a stub was just laid out."""
    entry = progress.entry(exercise_id) or ExerciseProgress(version=version)
    if stub_hash is not None:
        entry = dataclasses.replace(entry, stub_hash=stub_hash)
    return dataclasses.replace(_with(progress, exercise_id, entry), current=exercise_id)


def record_check(
    progress: Progress,
    exercise_id: str,
    outcome: Outcome,
    passed: int,
    of: int,
    *,
    version: int,
    answer_hash: str,
    at: str | None = None,
) -> Progress:
    """The progress after a check: `passed` of `of` checks of exercise version `version` passed.

    An untouched stub is no attempt, and llmex's own trouble leaves everything as it was. After a
    pass, a check that fails only counts as an attempt.
    """
    if outcome == "grader-error":
        return progress
    entry = progress.entry(exercise_id) or ExerciseProgress(version=version)
    if outcome != "not-started":
        entry = dataclasses.replace(entry, attempts=entry.attempts + 1)
    if outcome == "passed":
        entry = dataclasses.replace(
            entry,
            status="passed",
            passed=passed,
            of=of,
            first_passed=entry.first_passed or at or now(),
            version=version,
            answer_hash=answer_hash,
        )
    elif not entry.done and outcome != "not-started":
        entry = dataclasses.replace(entry, status="tried", passed=passed, of=of, version=version)
    return _with(progress, exercise_id, entry)


def hint_seen(progress: Progress, exercise_id: str, number: int, *, version: int) -> Progress:
    """The first `number` hints of the exercise have been shown."""
    entry = progress.entry(exercise_id) or ExerciseProgress(version=version)
    entry = dataclasses.replace(entry, hints_seen=max(entry.hints_seen, number))
    return _with(progress, exercise_id, entry)


def gave_up(progress: Progress, exercise_id: str, *, version: int) -> Progress:
    """The solution was shown before a pass; after a pass this changes nothing."""
    entry = progress.entry(exercise_id) or ExerciseProgress(version=version)
    if entry.done:
        return progress
    return _with(progress, exercise_id, dataclasses.replace(entry, gave_up=True))


def next_exercise(progress: Progress, course: Course, track: str | None = None) -> str | None:
    """The id to work on: the current one until it passes, then along the track, then the rest.

    `track` is the workspace's unless it is given. None when everything has passed.
    """
    current = progress.current
    if current is not None and current in course.module_of and not progress.done(current):
        return current
    path = (*course.track(track or progress.track), *course.ids)
    return next((e for e in path if not progress.done(e)), None)


def renamed(progress: Progress, course: Course) -> Progress:
    """The progress with old ids of the course's exercises replaced by those of today.

    Ids that the course does not know at all stay.
    """
    strangers = [e for e in progress.exercises if e not in course.module_of]
    current = progress.current
    if current is not None and current not in course.module_of:
        strangers.append(current)
    if not any(e in course.aliases for e in strangers):
        return progress
    today = {e: course.aliases.get(e, e) for e in strangers}
    entries: dict[str, ExerciseProgress] = {}
    for exercise_id, entry in progress.exercises.items():
        new = today.get(exercise_id, exercise_id)
        if new == exercise_id or new not in progress.exercises:
            entries[new] = entry
    return dataclasses.replace(
        progress, exercises=entries, current=today.get(current or "", current)
    )


def is_stale(entry: ExerciseProgress, answer_hash: str) -> bool:
    """Whether the answer is no longer the one that passed."""
    return entry.done and entry.answer_hash not in (None, answer_hash)


def is_older(entry: ExerciseProgress, version: int) -> bool:
    """Whether the pass is one of an earlier version of the exercise."""
    return entry.done and entry.version is not None and entry.version < version


def now() -> str:
    """The time in UTC, to the second: 2026-01-31T09:30:00Z."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _with(progress: Progress, exercise_id: str, entry: ExerciseProgress) -> Progress:
    exercises = {**progress.exercises, exercise_id: entry}
    return dataclasses.replace(progress, exercises=exercises)
