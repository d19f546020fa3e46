"""The subjects that sit for a suite when its author checks it, and what each must come to."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from llmex.grader.catalog import Course, Exercise
from llmex.grader.grade import SOLUTION
from llmex.grader.job import Subject
from llmex.grader.mistakes import Mistake
from llmex.grader.sources import gather

Must = Literal["pass", "delegate", "be unwritten", "fail", "be judged"]
JUNK = ("None", "'?'", "float('nan')", "[]", "()", "(None, None)", "0", "{}", "(i for i in ())")


@dataclass(frozen=True)
class Sitter:
    """A subject, the file it comes from, and what its verdict must be."""

    subject: Subject
    path: Path
    must: Must


def sitters(course: Course, exercise: Exercise, mistakes: list[Mistake]) -> list[Sitter]:
    """Everyone who sits for the suite: the right (the solution twice), the wrong, and junk."""

    def sitter(label: str, text: str, path: Path, must: Must, says: str = "") -> Sitter:
        answer = gather(course, exercise, text, None)
        return Sitter(Subject(label, answer.main, answer.sources, says), path, must)

    def files(kind: str, paths: tuple[Path, ...], must: Must) -> Iterator[Sitter]:
        for path in paths:
            yield sitter(f"{kind}/{path.stem}", path.read_text("utf-8"), path, must)

    solution, stub = exercise.solution_path, exercise.stub_path
    text = solution.read_text("utf-8")
    found = [sitter(SOLUTION, text, solution, "pass"), sitter("again", text, solution, "pass")]
    found += files("alternatives", exercise.alternative_paths, "pass")
    found += files("delegated", exercise.delegated_paths, "delegate")
    found.append(sitter("stub", stub.read_text("utf-8"), stub, "be unwritten"))
    for one in mistakes:
        found.append(sitter(one.id, one.source(), exercise.mistakes_path, "fail", one.says))
    for value in JUNK:
        source = returning(value, stub.read_text("utf-8"))
        found.append(sitter(f"junk {value}", source, exercise.suite_path, "be judged"))
    return found


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
