"""Python on a narrow screen: comments go above their lines, docstrings wrap, code stays whole.

What is shown is still the same program, and can be copied.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from llmex.cli.wrapping import wrapped


def fitted(source: str, room: int) -> str:
    """The source with its long lines broken where that changes nothing of what it does."""
    lines = source.splitlines()
    if all(cell_len(line) <= room for line in lines):
        return source
    try:
        said, comments = _docstrings(source), _comments(source)
    except (SyntaxError, ValueError, tokenize.TokenError):
        return source
    shown: list[str] = []
    for number, line in enumerate(lines, 1):
        above = lines[number - 2] if number > 1 else ""
        if cell_len(line) <= room:
            shown.append(line)
        elif number in said:
            shown += _broken(line, room)
        elif number in comments and not above.endswith("\\"):
            shown += _above(line, comments[number], room)
        else:
            shown.append(line)
    return "\n".join(shown) + "\n"


def _docstrings(source: str) -> set[int]:
    """The lines of all docstrings."""
    found: set[int] = set()
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, kinds) and ast.get_docstring(node, clean=False) is not None:
            first = node.body[0]
            found |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return found


def _comments(source: str) -> dict[int, int]:
    """Where on its line each comment begins."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.start[1] for t in tokens if t.type == tokenize.COMMENT}


def _broken(line: str, room: int) -> Iterator[str]:
    """A line of prose as several, each with its indent."""
    indent = _indent(line)
    for row in wrapped(Text(line[len(indent) :]), room - len(indent)):
        yield indent + row.plain


def _above(line: str, column: int, room: int) -> Iterator[str]:
    """The comment in rows of its own, and below it the code that it stood behind."""
    indent, code = _indent(line), line[:column].rstrip()
    for row in wrapped(Text(line[column:].lstrip("# ")), room - len(indent) - 2):
        yield f"{indent}# {row.plain}"
    if code:
        yield code


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
