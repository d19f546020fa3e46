"""What is wrong with an exercise: where it is, what it is, and what to do about it."""

from __future__ import annotations

import ast
import unicodedata
from pathlib import Path
from typing import Any

from llmex.grader.errors import LlmexError
from llmex.grader.yaml_lines import shown


def at(path: Path, line: int, problem: str, remedy: str, **fields: str | int | float) -> LlmexError:
    """A finding at a line of a file; the literal template `problem` begins with {file}:{line}."""
    filled: dict[str, Any] = {"file": shown(path), "line": line, **fields}
    return LlmexError(problem, remedy, **filled)


def place_of(error: LlmexError) -> tuple[str, int]:
    """The file and the line of a finding, for programs; ("", 0) where it has none."""
    fields = error.problem.fields
    return str(fields.get("file", fields.get("folder", ""))), int(fields.get("line", 0) or 0)


def line_of(text: str, part: str) -> int:
    """The line in which `part` first stands; 1 where it does not."""
    place = text.find(part)
    return text[:place].count("\n") + 1 if place >= 0 else 1


def line_in(path: Path, part: str) -> int:
    """The line of a file in which `part` first stands; 1 where it does not, or has no file."""
    try:
        return line_of(path.read_text("utf-8"), part)
    except (OSError, ValueError):
        return 1


def line_of_check(suite: Path, check: str) -> int:
    """The line in which a check of a suite begins."""
    return line_in(suite, f"def {check}(")


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: a Chinese character takes two."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide


def parsed(path: Path) -> ast.Module | None:
    """The syntax tree of a file; None where it is absent or no Python."""
    try:
        return ast.parse(path.read_text("utf-8"))
    except (OSError, ValueError, SyntaxError, RecursionError):
        return None
