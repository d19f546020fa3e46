"""The words of a suite that a learner may read: every `why`, and the names in a loss curve."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from llmex.grader.author.finding import parsed

Why = tuple[str, int]  # the template, and its line


def templates(suite: Path) -> tuple[list[Why], list[int]]:
    """The literal `why` templates of a suite with their lines, and the lines of those put together.

    A `why` may be a literal, a name that was given one, one of several by a condition, an entry
    "why" of a dict, or an argument of a function of the suite's own that passes it on. The unit
    of a training and the names of its baselines are words of the same kind.
    """
    tree = parsed(suite)
    if tree is None:
        return [], []
    search = _Search(tree)
    return sorted(search.found.items(), key=lambda why: why[1]), sorted(search.made)


class _Search:
    """Follows what reaches `why` until no more functions are found to pass it on."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: dict[str, int] = {}
        self.made: set[int] = set()
        self._values: dict[str, list[ast.expr]] = {}
        self._sinks: set[tuple[str, int | str]] = set()
        for node in ast.walk(tree):
            for target, value in _given(node):
                self._values.setdefault(target, []).append(value)
        size = -1
        while size != len(self._sinks):
            size = len(self._sinks)
            for node in tree.body:
                self._walk(node, [])

    def _walk(self, node: ast.AST, functions: list[ast.FunctionDef]) -> None:
        inside = [*functions, node] if isinstance(node, ast.FunctionDef) else functions
        for value in self._whys(node):
            self._follow(value, inside, set())
        for child in ast.iter_child_nodes(node):
            self._walk(child, inside)

    def _whys(self, node: ast.AST) -> Iterator[ast.expr]:
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "")
            yield from (w.value for w in node.keywords if w.arg == "why")
            yield from (w.value for w in node.keywords if (name, w.arg) in self._sinks)
            yield from (a for i, a in enumerate(node.args) if (name, i) in self._sinks)
            if getattr(node.func, "attr", "") == "begin":
                yield from self._of_a_training(node)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "why":
                    yield value

    def _of_a_training(self, node: ast.Call) -> Iterator[ast.expr]:
        """The unit of `training.begin(...)`, and the keys of its baselines."""
        for word in node.keywords:
            if word.arg == "unit":
                yield word.value
            elif word.arg == "baselines":
                name = getattr(word.value, "id", "")
                for value in (word.value, *self._values.get(name, [])):
                    yield from (key for key in getattr(value, "keys", []) if key is not None)

    def _follow(self, node: ast.expr, inside: list[ast.FunctionDef], seen: set[str]) -> None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value:
                self.found.setdefault(node.value, node.lineno)
        elif isinstance(node, ast.IfExp):
            self._follow(node.body, inside, seen)
            self._follow(node.orelse, inside, seen)
        elif isinstance(node, ast.Subscript):
            self._follow(node.value, inside, seen)
        elif isinstance(node, ast.Dict | ast.Tuple | ast.List):
            for part in node.values if isinstance(node, ast.Dict) else node.elts:
                self._follow(part, inside, seen)
        elif isinstance(node, ast.JoinedStr | ast.BinOp):
            self.made.add(node.lineno)
        elif isinstance(node, ast.Name) and node.id not in seen:
            self._name(node.id, inside, seen | {node.id})

    def _name(self, name: str, inside: list[ast.FunctionDef], seen: set[str]) -> None:
        for function in inside:
            names = [a.arg for a in (*function.args.posonlyargs, *function.args.args)]
            keywords = [a.arg for a in function.args.kwonlyargs]
            if name in names:
                self._sinks |= {(function.name, names.index(name)), (function.name, name)}
            elif name in keywords:
                self._sinks.add((function.name, name))
        for value in self._values.get(name, []):
            self._follow(value, inside, seen)


def _given(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """(name, what it is given) in assignments and loops, part by part where both are tuples."""
    pairs: list[tuple[ast.expr, ast.expr]] = []
    if isinstance(node, ast.Assign):
        pairs = [(target, node.value) for target in node.targets]
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        pairs = [(node.target, node.value)]
    elif isinstance(node, ast.For | ast.comprehension):
        items = node.iter.elts if isinstance(node.iter, ast.Tuple | ast.List) else []
        pairs = [(node.target, item) for item in items]
        if isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Attribute):
            pairs = [(node.target, node.iter.func.value)]
    while pairs:
        target, value = pairs.pop()
        if isinstance(target, ast.Name):
            yield target.id, value
        elif isinstance(target, ast.Tuple):
            parts = value.elts if isinstance(value, ast.Tuple | ast.List) else []
            same = len(parts) == len(target.elts)
            pairs += [(t, parts[i] if same else value) for i, t in enumerate(target.elts)]
