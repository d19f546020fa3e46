"""proof.yaml: what `author check --deep` found, and the hashes of the files of which it is true."""

from __future__ import annotations

import dataclasses
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import yaml

from llmex.grader.author import equivalent
from llmex.grader.author.finding import at, line_in
from llmex.grader.catalog import Course, Exercise
from llmex.grader.errors import LlmexError
from llmex.grader.schema import Rule, read
from llmex.grader.shelf import shelved
from llmex.grader.sources import gather
from llmex.grader.yaml_lines import read_yaml

FILE = "proof.yaml"
SCHEMA = 2  # one more whenever an older proof proves less than one of today
SEEDS = 200
SCORE = 0.95
_HEAD = "# Written by `llmex author check --deep {id}`; run it again rather than edit this.\n"
# Words, pictures and known mistakes, which every author check runs: no verdict depends on them.
_WORDS = ("*.md", "overlay.*.yaml", "picture.py", "mistakes.yaml", "mistakes/*")
_ASIDE = (*_WORDS, FILE, FILE + ".new")


@dataclass(frozen=True)
class Runs:
    """The right answers that passed (or were delegated), each on so many seeds."""

    run: Annotated[int, Rule(low=0)]
    failed: Annotated[int, Rule(low=0)]
    right: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """Automatic mutants: how many there are, how many a check tells, which survive."""

    made: Annotated[int, Rule(low=0)]
    killed: Annotated[int, Rule(low=0)]
    equivalent: Annotated[int, Rule(low=0)]
    survivors: tuple[str, ...] = ()

    @property
    def rate(self) -> float:
        """The killed ones among those that are not equivalent, from 0 to 1."""
        others = self.made - self.equivalent
        return self.killed / others if others else 1.0


@dataclass(frozen=True)
class Gradients:
    """Wrong gradients, injected into the results of these names; none where nothing has any."""

    names: tuple[str, ...] = ()
    injected: Annotated[int, Rule(low=0)] = 0
    killed: Annotated[int, Rule(low=0)] = 0


@dataclass(frozen=True)
class Spent:
    """What a check of the solution takes: CPU milliseconds with the judge's, megabytes."""

    cpu_ms: Annotated[float, Rule(low=0)]
    memory_mb: Annotated[float, Rule(low=0)]


@dataclass(frozen=True)
class Proof:
    """proof.yaml."""

    schema: Annotated[int, Rule("the version of this format", low=1)]
    llmex: str
    date: str
    seeds: Runs
    mutants: Score
    gradients: Gradients
    checks: Mapping[str, Spent]
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether its numbers prove anything by the rules of today."""
        score = self.mutants
        return (
            self.schema == SCHEMA
            and self.seeds.run >= SEEDS
            and not self.seeds.failed
            and score.rate >= SCORE
            and score.equivalent <= equivalent.MOST * score.made
            and self.gradients.injected == self.gradients.killed
        )

    def found_again(self, other: Proof) -> bool:
        """Whether `other` proves all of this, whatever it took.

        It may tell a mutant more: one that only takes long is stopped on a slower machine.
        """
        mine, theirs = (
            dataclasses.replace(
                one, date="", llmex="", checks={}, mutants=Score(one.mutants.made, 0, 0)
            )
            for one in (self, other)
        )
        return mine == theirs and other.mutants.killed >= self.mutants.killed


def findings(course: Course, exercise: Exercise) -> Iterator[LlmexError]:
    """A proof that is missing, old or none; and what is wrong with equivalent.yaml."""
    _, errors = equivalent.marked(exercise)
    yield from errors
    path, again = exercise.solution_folder / FILE, "Run `llmex author check --deep {id}`."
    if not path.is_file():
        yield at(path, 1, "{file}:{line}: this file is missing.", again, id=exercise.id)
        return
    proof, errors = load(exercise)
    yield from errors
    if proof is None:
        return
    changed = changes(proof, hashes(course, exercise))
    if changed:
        names, old = ", ".join(changed), "{file}:{line}: this is old, {names} changed since."
        yield at(path, line_in(path, "files:"), old, again, id=exercise.id, names=names)
    elif not proof.holds:
        yield at(path, 1, "{file}:{line}: this proves less than it must.", again, id=exercise.id)


def load(exercise: Exercise) -> tuple[Proof | None, list[LlmexError]]:
    """The exercise's proof, or None with what is wrong with the file; just None if it is absent."""
    path = exercise.solution_folder / FILE
    if not path.is_file():
        return None, []
    try:
        proof, errors = read(Proof, read_yaml(path))
    except LlmexError as error:
        return None, [error]
    return (None, errors) if errors else (proof, [])


def write(exercise: Exercise, proof: Proof) -> Path:
    """Put the proof beside the solution, in one step."""
    path = exercise.solution_folder / FILE
    text = "".join(_section(key, value) for key, value in plain(proof).items())
    new = path.with_name(FILE + ".new")
    new.write_text(_HEAD.format(id=exercise.id) + text, "utf-8")
    os.replace(new, path)
    return path


def _section(key: str, value: Any) -> str:
    """One field as YAML: a check is a line, a survivor is a line, a file is a line."""
    flow = None if key in ("seeds", "gradients", "checks") else False
    return yaml.safe_dump(
        {key: value}, default_flow_style=flow, sort_keys=False, allow_unicode=True, width=100
    )


def state(course: Course, exercise: Exercise) -> str:
    """What becomes of the proof: "missing", "broken", "old", "weak" or "good"."""
    proof, errors = load(exercise)
    if proof is None:
        return "broken" if errors else "missing"
    if changes(proof, hashes(course, exercise)):
        return "old"
    return "good" if proof.holds else "weak"


def changes(proof: Proof, now: Mapping[str, str]) -> list[str]:
    """The files that are not what they were when this was proved, by name."""
    names = sorted(proof.files.keys() | now.keys())
    return [name for name in names if proof.files.get(name) != now.get(name)]


def hashes(course: Course, exercise: Exercise) -> dict[str, str]:
    """The hash of every file on which a verdict of this exercise may depend.

    All files of both folders but words, pictures and known mistakes, the data sets, and the
    provided stand-ins of the earlier answers that the solution imports. Line ends do not count.
    """
    found = {}
    for tree, folder in (("exercises", exercise.folder), ("solutions", exercise.solution_folder)):
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder)
            if path.is_file() and not _aside(name):
                found[f"{tree}/{name.as_posix()}"] = _hash(path.read_bytes())
    for text in filter(None, shelved(course.root, exercise.data).values()):
        found[f"data/{Path(text).name}"] = _hash(Path(text).read_bytes())
    solution = exercise.solution_path
    if solution.is_file():
        answer = gather(course, exercise, solution.read_text("utf-8"), None)
        for module in sorted(answer.sources.keys() - {answer.main}):
            found[f"imports/{module}"] = _hash(answer.sources[module].encode())
    return found


def _aside(name: Path) -> bool:
    hidden = any(part.startswith(".") or part == "__pycache__" for part in name.parts)
    return hidden or any(name.match(pattern) for pattern in _ASIDE)


def _hash(content: bytes) -> str:
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()[:16]


def plain(value: Any) -> Any:
    """A proof, or a part of one, as plain data."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
