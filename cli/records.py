"""What the commands of a learner print with --json; docs/schema/output has it as JSON Schema.

Every record stands beside `schema`, the version of all of them, and `command`; where progress.yaml
needed a repair `notice` says so. Any command may print `Failure` in the place of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from llmex.grader.report import Report

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Trouble:
    """What is wrong, and what to do about it."""

    problem: str
    remedy: str


@dataclass(frozen=True)
class Failure:
    """The command could not do its work; `exit_code` 2: wrong use, 3: llmex could not judge."""

    error: Trouble
    exit_code: int


@dataclass(frozen=True)
class Exercise:
    """An exercise, and what the learner has done of it."""

    id: str
    version: int
    title: str
    summary: str
    module: str
    minutes: int
    difficulty: int
    uses: str
    needs: Lines
    status: Literal["new", "started", "tried", "passed"]
    current: bool
    checks_passed: int
    checks: int
    attempts: int
    hints_seen: int
    hints: int
    passed_version: int | None
    gave_up: bool
    file: str | None
    notes_file: str | None


@dataclass(frozen=True)
class Broken:
    """An exercise whose metadata cannot be read."""

    id: str
    error: str


@dataclass(frozen=True)
class Next:
    """The exercise to do now."""

    exercise: Exercise
    made_workspace: bool
    new_file: bool


@dataclass(frozen=True)
class Complete:
    """Nothing is left to do."""

    exercise: None
    complete: Literal[True]


@dataclass(frozen=True)
class Judged(Report):
    """A report of one answer; `passed` counts checks, `next` is the exercise that comes then."""

    passed: int = 0
    next: str | None = None


@dataclass(frozen=True)
class Check:
    """One exercise was judged."""

    report: Judged
    exit_code: int


@dataclass(frozen=True)
class Checks:
    """Several exercises were judged."""

    reports: tuple[Judged, ...]
    exit_code: int


@dataclass(frozen=True)
class Watched:
    """One line for each save."""

    report: Judged


@dataclass(frozen=True)
class Hint:
    """The hint `level` of `of`, or all of them when all were seen before."""

    exercise: str
    level: int
    of: int
    hints: Lines


@dataclass(frozen=True)
class Show:
    """The notes as Markdown."""

    exercise: Exercise
    notes: str


@dataclass(frozen=True)
class Way:
    """A right way in numbers; None: not measured, or it cannot be read."""

    name: str
    about: str
    lines: int | None
    operations: int | None
    cpu_ms: float | None
    memory_mb: float | None


@dataclass(frozen=True)
class Solution:
    """A right way, the learner's own, and all ways in numbers."""

    exercise: str
    name: str
    solution: str
    yours: str | None
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class Change:
    """Something that can be broken."""

    id: str
    says: str


@dataclass(frozen=True)
class Changes:
    """All that can be broken in an exercise."""

    exercise: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Break:
    """What changes when this is broken."""

    exercise: str
    change: str
    says: str
    report: Report


@dataclass(frozen=True)
class ModuleStatus:
    """How much of a module has passed."""

    title: str
    passed: int
    of: int


@dataclass(frozen=True)
class Status:
    """How far the learner is."""

    course: str
    track: str
    passed: int
    of: int
    modules: tuple[ModuleStatus, ...]
    current: str | None
    stale: Lines
    older: Lines
    new_stub: Lines


@dataclass(frozen=True)
class Listed:
    """The exercises in order."""

    exercises: tuple[Exercise | Broken, ...]


@dataclass(frozen=True)
class TrackStatus:
    """How much of a track has passed."""

    name: str
    title: str
    passed: int
    total: int
    current: bool


@dataclass(frozen=True)
class Tracks:
    """The tracks, and the learner's."""

    track: str
    tracks: tuple[TrackStatus, ...]


@dataclass(frozen=True)
class Data:
    """Where data are, by name."""

    data: Mapping[str, str]


@dataclass(frozen=True)
class Made:
    """The folder of the new workspace."""

    workspace: str


@dataclass(frozen=True)
class Settings:
    """The settings and their values."""

    settings: Mapping[str, str]


@dataclass(frozen=True)
class Reset:
    """`backup` is the name of the copy that was kept; None: nothing had to be."""

    exercise: str
    file: str
    backup: str | None


@dataclass(frozen=True)
class Copy:
    """A kept copy of a file."""

    file: str
    copy: str


@dataclass(frozen=True)
class Copies:
    """All kept copies, newest first."""

    copies: tuple[Copy, ...]


@dataclass(frozen=True)
class Restored:
    """`copy` came back; `backup` is what stood there before."""

    exercise: str
    file: str
    copy: str
    backup: str | None
