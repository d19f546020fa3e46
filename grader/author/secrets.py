"""What would give an answer away: the lines of a solution, and texts that hold one."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable
from pathlib import Path

LONG = 20  # a line of the solution of so many characters is an answer, not a hint


class Secrets:
    """The telling lines of a solution, without those that its stub shows."""

    def __init__(self, solution: Path, stub: Path) -> None:
        public = {_squeezed(line) for line in telling(_text(stub))}
        lines = (line for line in telling(_text(solution)) if _squeezed(line) not in public)
        self._lines = {_squeezed(line): line for line in lines}

    def told_by(self, text: str) -> str:
        """The line of the solution that stands in `text`, however it is spaced; "" if none."""
        squeezed = _squeezed(text)
        return next((line for bare, line in self._lines.items() if bare in squeezed), "")


def telling(source: str) -> list[str]:
    """The lines of code that say how it is done, and what is assigned or returned in them.

    No docstrings, comments, imports, signatures, raises, and nothing shorter than 20 characters.
    """
    try:
        tree = ast.parse(source)
        lines = _without_comments(source)
    except (SyntaxError, ValueError, tokenize.TokenError):
        return []
    quiet = {n for node in ast.walk(tree) if _is_quiet(node) for n in _lines_of(node)}
    quiet |= {n for node in ast.walk(tree) for n in _signature(node)}
    found = [line.strip() for n, line in enumerate(lines, 1) if n not in quiet]
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.Return | ast.AugAssign) and node.value:
            found.append(" ".join((ast.get_source_segment(source, node.value) or "").split()))
    return [line for line in dict.fromkeys(found) if len(line) >= LONG]


def _is_quiet(node: ast.AST) -> bool:
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return text or isinstance(node, ast.Import | ast.ImportFrom | ast.Raise)


def _signature(node: ast.AST) -> Iterable[int]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return range(node.lineno, node.body[0].lineno)
    return ()


def _lines_of(node: ast.AST) -> Iterable[int]:
    first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
    return range(first, last + 1)


def _without_comments(source: str) -> list[str]:
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return lines


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, ValueError):
        return ""
