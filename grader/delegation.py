"""Does an answer's source call the operator that its exercise is about?

Read from the syntax tree: names through `import`, `from ... import ... as`, plain assignment and
`getattr` with a literal are followed; code that the exercise's own names never reach (a self-test,
`if __name__ == "__main__"`) does not count. A tensor's methods cannot be told from the text: the
worker's own record of calls sees those.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def found(source: str, forbids: Sequence[Any], exports: Iterable[str]) -> set[str]:
    """The forbidden canonical names that the code reachable from `exports` mentions."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return set()
    names = _Names(tree)
    seen: set[str] = set()
    for scope, forbidden in _scoped(forbids).items():
        starts = exports if scope == "" else [scope]
        for node in names.reachable(starts, with_module=scope == ""):
            seen |= {name for name in names.mentions(node) if _hit(name, forbidden)}
    return {name for name in seen if not any(other.startswith(name + ".") for other in seen)}


def exported(stub: str) -> list[str]:
    """The top-level functions and classes of a stub: the names that an exercise is about."""
    return [node.name for node in ast.parse(stub).body if isinstance(node, _SCOPES)]


def parameters(stub: str) -> dict[str, list[str]]:
    """What a stub calls the arguments of its functions and methods, without `self`."""
    found: dict[str, list[str]] = {}
    for node in ast.parse(stub).body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = _arguments(node)
        for inner in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, ast.FunctionDef):
                whole = inner.name == "__init__"
                name = node.name if isinstance(node, ast.ClassDef) else ""
                found[name if whole else f"{name}.{inner.name}"] = _arguments(inner)[1:]
    return found


def _arguments(node: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]


def _scoped(forbids: Sequence[Any]) -> dict[str, set[str]]:
    scopes: dict[str, set[str]] = {"": set()}
    for entry in forbids:
        if isinstance(entry, Mapping):
            scopes.setdefault(entry["in"], set()).update(entry["names"])
        else:
            scopes[""].add(entry)
    return scopes


def _hit(name: str, forbidden: set[str]) -> bool:
    """A forbidden name itself, or anything inside a forbidden module or class."""
    if any(name == one or name.startswith(one + ".") for one in forbidden):
        return True
    basic = _BASIC.match(name)
    return basic is not None and any(
        one.startswith("torch.") and one.rpartition(".")[2].strip("_") == basic[1].strip("_")
        for one in forbidden
        if not one.startswith(_NOT_BASIC)
    )


# torch's own names for its operators: `torch.ops.aten.softmax.int` is `torch.softmax`.
_BASIC = re.compile(
    r"torch\.(?:ops\.aten|_C\._nn|_C\._VariableFunctions|_C\.TensorBase|_C\._special)"
    r"\.(?:special_)?(\w+)"
)
_NOT_BASIC = "torch.nn.init."
_LONGEST = 30  # parts of a dotted name: what is forbidden has fewer
_SCRIPTS = ("torch.jit.script", "torch.jit.script_if_tracing")


class _Names:
    """What the names of one module stand for, and which definitions use which."""

    def __init__(self, tree: ast.Module) -> None:
        self._defined = {n.name: n for n in tree.body if isinstance(n, _SCOPES)}
        self._module = [n for n in tree.body if not isinstance(n, _SCOPES) and not _is_main(n)]
        self._stands_for: dict[str, str] = {}
        for node in ast.walk(tree):
            self._note(node)

    def _note(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.split(".")[0]
                self._stands_for[alias.asname or whole] = whole
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                self._stands_for[alias.asname or alias.name] = f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target, name = node.targets[0], self.canonical(node.value)
            if isinstance(target, ast.Name) and name:
                self._stands_for.setdefault(target.id, name)

    def canonical(self, node: ast.AST, passed: set[ast.AST] | None = None) -> str | None:
        """`F.softmax` as "torch.nn.functional.softmax"; None for what is no imported name.

        Every node on the way down to that name is added to `passed`.
        """
        parts: list[str] = []
        while True:
            if passed is not None:
                passed.add(node)
            if isinstance(node, ast.Attribute):
                parts.append(node.attr)
                node = node.value
            elif isinstance(node, ast.Call) and _is_getattr(node):
                parts.append(str(node.args[1].value))  # type: ignore[attr-defined]
                node = node.args[0]
            else:
                break
        base = self._stands_for.get(node.id) if isinstance(node, ast.Name) else None
        return ".".join([base, *parts[: -_LONGEST - 1 : -1]]) if base else None

    def mentions(self, node: ast.AST) -> set[str]:
        """Every canonical name in `node`; an import counts only for a module forbidden whole."""
        names: set[str | None] = set()
        passed: set[ast.AST] = set()
        for inner in ast.walk(node):
            if inner not in passed:  # a part of a longer name, which says more
                names.add(self.canonical(inner, passed))
        for inner in ast.walk(node):
            if isinstance(inner, ast.Import):
                names |= {alias.name for alias in inner.names}
            elif isinstance(inner, ast.ImportFrom) and inner.module:
                names.add(inner.module)
                names |= {f"{inner.module}.{a.name}" for a in inner.names if a.name == "*"}
        if names & {*_SCRIPTS}:  # no record sees a method that is called in there
            names |= {
                f"torch.Tensor.{inner.attr}"
                for inner in ast.walk(node)
                if isinstance(inner, ast.Attribute)
            }
        return {name for name in names if name}

    def reachable(self, starts: Iterable[str], *, with_module: bool) -> list[ast.AST]:
        """The definitions that `starts` lead to by name, and the module's own statements."""
        nodes: list[ast.AST] = list(self._module) if with_module else []
        waiting = [*starts, *(name for node in nodes for name in _used(node))]
        done: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in done or name not in self._defined:
                continue
            done.add(name)
            nodes.append(self._defined[name])
            waiting += _used(self._defined[name])
        return nodes


def _used(node: ast.AST) -> list[str]:
    return [inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)]


def _is_getattr(node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Name)
        and node.func.id == "getattr"
        and len(node.args) >= 2
        and isinstance(node.args[1], ast.Constant)
        and isinstance(node.args[1].value, str)
    )


def _is_main(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.If)
        and isinstance(node.test, ast.Compare)
        and isinstance(node.test.left, ast.Name)
        and node.test.left.id == "__name__"
    )
