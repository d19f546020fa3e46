"""The subjects that sit for a suite when its author checks it, and what each must come to."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from llmex.grader.author.bench import Result
from llmex.grader.author.reordered import redrawn, reordered
from llmex.grader.catalog import Course, Exercise
from llmex.grader.grade import statically
from llmex.grader.job import AGAIN, SOLUTION, Subject
from llmex.grader.mistakes import Mistake
from llmex.grader.report import Verdict, from_plain
from llmex.grader.sources import gather

Must = Literal["pass", "delegate", "be accepted", "be unwritten", "fail", "be judged"]
REORDERED, REDRAWN = "reordered", "redrawn"
_JUNK = ("None", "'?'", "0", "float('nan')", "[]", "()", "(None, None)", "{}", "(i for i in ())")
_ARRAYS = {
    "python": (),
    "numpy": ("__import__('numpy').zeros((1, 0, 2))",),
    "torch": ("__import__('torch').zeros(1, 0, 2)",),
}


@dataclass(frozen=True)
class Sitter:
    """A subject, what it is called, the file that it comes from, and what it must come to."""

    subject: Subject
    name: str
    path: Path
    must: Must
    seed: int = 0


class Cast:
    """Everyone who sits for the suite of one exercise."""

    def __init__(self, course: Course, exercise: Exercise) -> None:
        self._course, self._exercise = course, exercise

    def right(self, seed: int) -> Iterator[Sitter]:
        """The solution, the alternatives, what delegates; only the solution sits for long ones."""
        exercise = self._exercise
        yield self._file(SOLUTION, exercise.solution_path, "pass", seed)
        for path in exercise.alternative_paths:
            yield self._file(f"alternatives/{path.stem}", path, "pass", seed)
        for path in exercise.delegated_paths:
            yield self._file(f"delegated/{path.stem}", path, "delegate", seed)

    def other_forms(self) -> Iterator[Sitter]:
        """The solution with parts created in reverse, and with more numbers drawn, where it can."""
        path = self._exercise.solution_path
        text = path.read_text("utf-8", "replace")
        forms = {REORDERED: reordered, REDRAWN: redrawn}
        for name, form in forms.items():
            changed = form(text)
            if changed is not None:
                yield self._sitter(name, changed, path, "be accepted")

    def wrong(self, mistakes: Sequence[Mistake]) -> Iterator[Sitter]:
        """The solution twice, to see whether the suite is steady, and each mistake."""
        solution = self._exercise.solution_path
        yield self._file(SOLUTION, solution, "pass", 0)
        yield self._file(AGAIN, solution, "pass", 0)
        for one in mistakes:
            path = one.file or self._exercise.mistakes_path
            yield self._sitter(one.id, one.source(), path, "fail", label=label_of(one))

    def empty(self) -> Iterator[Sitter]:
        """The stub, and the stub with every function returning one thing, whatever it is asked."""
        exercise = self._exercise
        stub = exercise.stub_path.read_text("utf-8")
        yield self._sitter("stub", stub, exercise.stub_path, "be unwritten")
        for value in (*_JUNK, *_ARRAYS[exercise.uses]):
            yield self._sitter(value, returning(value, stub), exercise.suite_path, "be judged")

    def _file(self, name: str, path: Path, must: Must, seed: int) -> Sitter:
        return self._sitter(name, path.read_text("utf-8", "replace"), path, must, seed)

    def _sitter(
        self, name: str, text: str, path: Path, must: Must, seed: int = 0, label: str = ""
    ) -> Sitter:
        answer = gather(self._course, self._exercise, text, None)
        label = label or (f"{name}, seed {seed}" if seed else name)
        short = name != SOLUTION
        subject = Subject(
            label, answer.main, answer.sources, seed=seed, short=short, lent=answer.lent
        )
        return Sitter(subject, name, path, must, seed)


def verdict_of(exercise: Exercise, one: Sitter, result: Result) -> Verdict:
    """What one sitter came to in a session, with what the source alone says of delegation."""
    verdict = from_plain(Verdict, result["verdicts"][one.subject.label])
    return statically(exercise, one.subject.sources[one.subject.main], verdict)


def spared(one: Sitter) -> Sitter:
    """The sitter without long checks."""
    return replace(one, subject=replace(one.subject, short=True))


def label_of(mistake: Mistake) -> str:
    """What a mistake is called among the subjects of a session, where ids of ours are taken."""
    return f"mistakes/{mistake.id}"


def returning(value: str, stub: str) -> str:
    """The stub with every function returning `value` instead of raising NotImplementedError."""
    tree = ast.parse(stub)
    constant = ast.parse(value, mode="eval").body
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name != "__init__":
            node.body = [ast.Return(constant) if _is_raise(part) else part for part in node.body]
        elif isinstance(node, ast.FunctionDef):
            node.body = [part for part in node.body if not _is_raise(part)] or [ast.Pass()]
    return ast.unparse(ast.fix_missing_locations(tree))


def _is_raise(node: ast.stmt) -> bool:
    return isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
