"""How much stands behind each exercise: checks, mistakes, right answers, and what is proved."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmex.grader.author import proof
from llmex.grader.author.proof import Proof
from llmex.grader.catalog import Course, Exercise
from llmex.grader.mistakes import read_mistakes

_ADDED = (
    "minutes", "checks", "mistakes", "alternatives", "delegated",
    "mutants", "killed", "equivalent", "survivors", "gradients", "gradients_killed",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One exercise in numbers.

    `proof` is "good", "old", "weak", "broken" or "missing"; what follows it is what the proof
    says, and zero without one. `cpu_ms` is the processor time of all checks of the solution with
    the judge's own, `memory_mb` what the hungriest check takes.
    """

    id: str
    module: str
    uses: str
    difficulty: int
    minutes: int
    checks: int
    mistakes: int
    alternatives: int
    delegated: int
    hints: int
    solution_lines: int
    suite_lines: int
    proof: str
    seeds: int = 0
    failures: int = 0
    mutants: int = 0
    killed: int = 0
    equivalent: int = 0
    survivors: int = 0
    score: float = 0.0
    gradients: int = 0
    gradients_killed: int = 0
    cpu_ms: float = 0.0
    memory_mb: float = 0.0


def stats(course: Course, ids: Sequence[str]) -> list[Line]:
    """The exercises with these ids that can be read, in numbers."""
    found = [course.attempt(exercise_id)[0] for exercise_id in ids]
    return [_line(course, exercise) for exercise in found if exercise is not None]


def plain(line: Line) -> dict[str, Any]:
    """One exercise as plain data, for JSON."""
    return dataclasses.asdict(line)


def total(lines: Sequence[Line]) -> dict[str, Any]:
    """What all of them come to together."""
    sums = {name: sum(getattr(line, name) for line in lines) for name in _ADDED}
    others = sums["mutants"] - sums["equivalent"]
    return {
        "exercises": len(lines),
        "proved": sum(line.proof == "good" for line in lines),
        **sums,
        "score": round(sums["killed"] / others, 4) if others else 0.0,
        "cpu_ms": round(sum(line.cpu_ms for line in lines), 1),
    }


def _line(course: Course, exercise: Exercise) -> Line:
    known, _ = proof.load(exercise)
    return Line(
        id=exercise.id,
        module=exercise.module,
        uses=exercise.uses,
        difficulty=exercise.difficulty,
        minutes=exercise.minutes,
        checks=len(exercise.checks),
        mistakes=len(read_mistakes(exercise)[0]),
        alternatives=len(exercise.alternative_paths),
        delegated=len(exercise.delegated_paths),
        hints=len(exercise.hints),
        solution_lines=_lines(exercise.solution_path),
        suite_lines=_lines(exercise.suite_path),
        proof=proof.state(course, exercise),
        **(_proved(known) if known else {}),
    )


def _proved(known: Proof) -> dict[str, Any]:
    score = known.mutants
    return {
        "seeds": known.seeds.run,
        "failures": known.seeds.failed,
        "mutants": score.made,
        "killed": score.killed,
        "equivalent": score.equivalent,
        "survivors": len(score.survivors),
        "score": round(score.rate, 4),
        "gradients": known.gradients.injected,
        "gradients_killed": known.gradients.killed,
        "cpu_ms": round(sum(spent.cpu_ms for spent in known.checks.values()), 1),
        "memory_mb": max((spent.memory_mb for spent in known.checks.values()), default=0.0),
    }


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n") if path.is_file() else 0
