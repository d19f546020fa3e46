"""What is wrong with an exercise: the error, where it is, and the exercise's id."""

from __future__ import annotations

from pathlib import Path

from llmex.grader.errors import LlmexError
from llmex.grader.yaml_lines import shown


def at(path: Path, line: int, problem: str, remedy: str, **fields: str | int | float) -> LlmexError:
    """A finding at a line of a file; `problem` begins after the place.

    `problem` is a literal template: it is looked up, with the place before it, in other languages.
    """
    return LlmexError("{file}:{line}: " + problem, remedy, file=shown(path), line=line, **fields)


def line_of(text: str, part: str) -> int:
    """The line in which `part` first stands; 1 where it does not."""
    place = text.find(part)
    return text[:place].count("\n") + 1 if place >= 0 else 1
