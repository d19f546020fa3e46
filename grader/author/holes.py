"""Sentences of a suite with a field that nothing fills, read from its text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from llmex.grader.author.finding import at, parsed
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise

_FIELD = re.compile(r"\{([A-Za-z_]\w*)\}")
_INDEX = re.compile(r"i\d+")
_PLACED = {"name", "got", "want", "where"}
_FILLED = {"assert_close": _PLACED, "assert_equal": _PLACED, "assert_holds": {"name", "got"}}
# Words that these functions keep for themselves: as fields they never reach the sentence.
_OPTIONS = {"rtol", "atol", "why", "finite", "dtype"}


def findings(exercise: Exercise) -> Iterator[LlmexError]:
    """The calls whose literal `why` names a field that neither they nor the comparator give.

    A `why` that is passed on, and fields given by `**`, are seen when the suite runs.
    """
    tree = parsed(exercise.suite_path)
    if tree is None:
        return
    texts = dict(_constants(tree))
    for node in ast.walk(tree):
        name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
        if name not in _FILLED or not isinstance(node, ast.Call):
            continue
        given = {word.arg for word in node.keywords}
        why = next((word.value for word in node.keywords if word.arg == "why"), None)
        text = texts.get(why.id) if isinstance(why, ast.Name) else _text(why)
        if text is None or None in given:
            continue
        for field in _FIELD.findall(text):
            indexed = name != "assert_holds" and _INDEX.fullmatch(field)
            if field in _FILLED[name] or indexed or field in given - _OPTIONS:
                continue
            yield at(
                exercise.suite_path,
                node.lineno,
                "{file}:{line}: nothing fills '{field}' in this why.",
                "Give it by name, {field}=...; {options} and name say something else.",
                field=field,
                options=", ".join(sorted(_OPTIONS)),
            )


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, text = node.targets[0], _text(node.value)
            if isinstance(target, ast.Name) and text is not None:
                yield target.id, text


def _text(node: ast.expr | None) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None
