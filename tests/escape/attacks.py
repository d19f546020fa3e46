"""The corpus: one attack a file, with what must become of it in its header."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from llmex.grader.catalog import Course, load_course
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.errors import LlmexError
from llmex.grader.grade import grade
from llmex.grader.report import Report, Verdict
from llmex.grader.sources import gather

HERE = Path(__file__).parent
GROUPS = (
    "read the answers", "forge the verdict", "confuse the comparison", "exhaust",
    "escape and persist", "attack the host", "attack the report",
)  # fmt: skip


@dataclass(frozen=True)
class Attack:
    """One hostile answer: its text, where it sits, what must come of it, which layer stops it.

    `layers` are those that must all be off for it to succeed; `needs` names what a machine must
    have for that ("root", "x32", ...).
    """

    name: str
    text: str
    group: str
    expect: frozenset[str]
    says: str = ""
    exercise: str = "impossible"
    layers: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()

    def source(self, world: Mapping[str, Any] | None = None) -> str:
        """The text as it is graded; one that reaches out is told what there is to reach."""
        text = f"WORLD = {dict(world or {})!r}\n\n{self.text}"
        return f"{text}\n\ndef answer(*_):\n    return reach()\n" if self.layers else text


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(",") if word.strip())


def _attack(path: Path) -> Attack:
    text = path.read_text("utf-8")
    head = text.split('"""')[1].strip().splitlines()
    said = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    return Attack(
        name=path.stem,
        text=text,
        group=said["group"],
        expect=_words(said["expect"]),
        says=said.get("says", ""),
        exercise=said.get("exercise", "impossible"),
        layers=_words(said.get("layers", "")),
        needs=_words(said.get("needs", "")),
    )


@cache
def corpus() -> tuple[Attack, ...]:
    """Every attack, by name."""
    return tuple(_attack(path) for path in sorted((HERE / "corpus").glob("*.py")))


@cache
def course() -> Course:
    """The course whose exercises cannot be passed honestly, and one that can."""
    return load_course(HERE / "course")


_KEPT: list[PrivateEngine] = []  # as long as the test process lives


class _Engines(threading.local):
    def __init__(self) -> None:
        self.engine = PrivateEngine(lines=16)  # a job whose judge dies uses up a line
        _KEPT.append(self.engine)


@cache
def _engines() -> _Engines:
    return _Engines()


def engine() -> PrivateEngine:
    """The engine of this thread, ended with the test process."""
    return _engines().engine


def judged(attack: Attack, world: Mapping[str, Any] | None = None) -> Report:
    """The report on an attack, by the whole product."""
    return judged_text(attack.exercise, attack.source(world))


def judged_text(exercise_id: str, text: str) -> Report:
    """The report on any text as the answer to an exercise of the course under attack.

    Where llmex says that it could not judge (exit code 3), the outcome is grader-error.
    """
    exercise = course().exercise(exercise_id)
    try:
        return grade(exercise, gather(course(), exercise, text, None), engine=engine())
    except LlmexError as error:
        if error.exit_code != 3:
            raise
        return Report(exercise_id, 1, Verdict("grader-error", problem=error.problem))
