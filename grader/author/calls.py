"""What a suite never asks: functions not called, defaults never changed, equal sizes only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from llmex.grader.author.finding import at, line_in, line_of, parsed
from llmex.grader.author.signatures import callables
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise
from llmex.grader.yaml_lines import shown

ON_PURPOSE = "square on purpose"
Asked = Mapping[str, Any]  # arrays, uneven, given, pairs: as grader.observation has it


def findings(exercise: Exercise, calls: Mapping[str, Asked]) -> Iterator[LlmexError]:
    """Where the calls that the solution got leave something of the stub untested."""
    stub = parsed(exercise.stub_path)
    if stub is None:
        return
    suite = exercise.suite_path.read_text("utf-8")
    for name, node in callables(stub).items():
        if "." in name or name.startswith("_"):
            continue
        asked = calls.get(name)
        if asked is None:
            yield from _never_called(exercise, name, node.lineno, suite)
            continue
        init = callables(stub).get(f"{name}.__init__")
        made = init if isinstance(node, ast.ClassDef) else node
        names: list[str] = []
        if isinstance(made, ast.FunctionDef):
            skip = 1 if made is init else 0  # self
            names = [arg.arg for arg in (*made.args.posonlyargs, *made.args.args)][skip:]
            yield from _defaults(exercise, name, made, skip, asked["given"])
        if ON_PURPOSE not in suite:
            line = line_of(suite, f"learner.{name}")
            yield from _equal_sizes(exercise, name, line, names, asked, calls.get(f"{name}()"))


def _equal_sizes(
    exercise: Exercise, name: str, line: int, names: list[str], asked: Asked, methods: Asked | None
) -> Iterator[LlmexError]:
    """Arrays, or two sizes given as numbers, that are the same in every call.

    `names` are the parameters by position; `methods` is what the objects of a class were asked.
    """
    for what, given in ((name, asked), (f"{name}(...)", methods)):
        if given is not None and given["arrays"] and not given["uneven"]:
            yield at(
                exercise.suite_path,
                line,
                "{file}:{line}: '{name}' only ever gets arrays in which two sizes are the same.",
                "Make all sizes different, or say why not in a comment: # square on purpose: ...",
                name=what,
            )
    for one, other in _never_differ(asked["pairs"], names):
        yield at(
            exercise.suite_path,
            line,
            "{file}:{line}: '{name}' gets the same number for '{one}' as for '{other}' always.",
            "Make all sizes different, or say why not in a comment: # square on purpose: ...",
            name=name,
            one=one,
            other=other,
        )


def _never_differ(pairs: Mapping[str, bool], names: list[str]) -> list[tuple[str, ...]]:
    """The pairs of parameters, by name, that no call gave two different numbers."""
    places = {str(place): name for place, name in enumerate(names)}
    found: dict[tuple[str, ...], bool] = {}
    for pair, differ in pairs.items():
        named = tuple(places.get(word, word) for word in pair.split())
        found[named] = found.get(named, False) or differ
    return [named for named, differ in found.items() if not differ]


def _never_called(exercise: Exercise, name: str, line: int, suite: str) -> Iterator[LlmexError]:
    if not re.search(rf"\.{re.escape(name)}\b|[\"']{re.escape(name)}[\"']", suite):
        yield at(
            exercise.stub_path,
            line,
            "{file}:{line}: no check calls '{name}'.",
            "Test it in {suite}, or take it out of the stub.",
            name=name,
            suite=shown(exercise.suite_path),
        )


def _defaults(
    exercise: Exercise,
    name: str,
    node: ast.FunctionDef,
    skip: int,
    given: Mapping[str, list[str]],
) -> Iterator[LlmexError]:
    """Parameters that no check gives another value than their default."""
    a = node.args
    plain = [*a.posonlyargs, *a.args]
    pairs = list(zip(plain[len(plain) - len(a.defaults) :], a.defaults, strict=True))
    pairs += [(k, d) for k, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d is not None]
    for arg, default in pairs:
        position = str(plain.index(arg) - skip) if arg in plain else ""
        values = {*given.get(position, []), *given.get(arg.arg, [])}
        if not values - {_as_repr(default)}:
            yield at(
                exercise.suite_path,
                line_in(exercise.suite_path, f"learner.{name}("),
                "{file}:{line}: no check calls '{name}' with another '{parameter}' than {default}.",
                "Test another value: an answer that ignores '{parameter}' passes.",
                name=name,
                parameter=arg.arg,
                default=ast.unparse(default),
            )


def _as_repr(default: ast.expr) -> str:
    try:
        return repr(ast.literal_eval(default))
    except (ValueError, TypeError, SyntaxError):
        return ast.unparse(default)
