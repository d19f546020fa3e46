"""The right ways to write an exercise: the solution and its alternatives, and what each costs."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass

from llmex.grader.engine import judge as judged
from llmex.grader.engine import open_engine
from llmex.grader.exercise import Exercise
from llmex.grader.grade import setting
from llmex.grader.job import Job, Subject
from llmex.grader.sources import Answer
from llmex.grader.store import course_text

SOLUTION = "solution"
OPERATIONS = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Subscript, ast.AugAssign,
)  # fmt: skip
SPACING = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENCODING, tokenize.ENDMARKER,
}  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One right way: its name, its source, and the sentence that says what it is."""

    name: str
    source: str
    about: str


@dataclass(frozen=True)
class Size:
    """Lines that hold code, and operations: operators, calls and indexings in the source."""

    lines: int
    operations: int


@dataclass(frozen=True)
class Spent:
    """On all checks together: milliseconds of processor time, and megabytes of memory."""

    cpu_ms: float
    memory_mb: float


def ways(exercise: Exercise, lang: str = "en") -> tuple[Way, ...]:
    """The solution, then the alternatives by name; what each is, in this language or in English."""
    text = course_text(exercise.solution_path)
    found = [Way(SOLUTION, text, _about(text))]
    for path in exercise.alternative_paths:
        text = course_text(path)
        about = exercise.alternative_says(path.stem, lang, _about(text))
        found.append(Way(path.stem.replace("_", "-"), text, about))
    return tuple(found)


def _about(text: str) -> str:
    try:
        said = ast.get_docstring(ast.parse(text)) or ""
    except (SyntaxError, ValueError):
        return ""
    return " ".join(said.partition("\n\n")[0].split())


def size(source: str) -> Size | None:
    """How long a source is, without comments and docstrings; None where it cannot be read."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    said = {line for node in ast.walk(tree) for line in _docstring(node)}
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    held = {
        line
        for token in tokens
        if token.type not in SPACING
        for line in range(token.start[0], token.end[0] + 1)
    }
    counted = sum(isinstance(node, OPERATIONS) for node in ast.walk(tree))
    return Size(len(held - said), counted)


def _docstring(node: ast.AST) -> range:
    """The lines of the docstring of a module, class or function."""
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            return range(first.lineno, (first.end_lineno or first.lineno) + 1)
    return range(0)


def spent(exercise: Exercise, answers: Mapping[str, Answer]) -> dict[str, Spent]:
    """What each of these answers needs for the exercise's own checks, side by side in a session.

    Long checks are left out. Every answer sits in a worker of its own: `memory_mb` is how far the
    peak of its address space rose. An answer that did not come to the end is not there.
    """
    subjects = tuple(
        Subject(label, answer.main, answer.sources, short=True) for label, answer in answers.items()
    )
    job = Job(**setting(exercise), subjects=subjects, measure=True)
    with open_engine() as engine:
        result = judged(job.plain(), engine)
    finished = {
        label for label, verdict in result["verdicts"].items()
        if verdict["outcome"] in ("passed", "delegated")
    }  # fmt: skip
    return {
        label: Spent(
            round(1000 * sum(cost["answer_s"] for cost in costs.values()), 1),
            round(sum(cost["memory_mb"] for cost in costs.values()), 1),
        )
        for label, costs in result["costs"].items()
        if label in finished
    }
