"""The stub is the contract: every right answer has its names, and takes what it takes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from llmex.grader.author.finding import at, parsed
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise
from llmex.grader.yaml_lines import shown

Callables = Mapping[str, ast.FunctionDef | ast.ClassDef]


def findings(exercise: Exercise) -> Iterator[LlmexError]:
    """Every function and class of the stub is in each file, and takes what the stub says."""
    stub = parsed(exercise.stub_path)
    if stub is None:
        return
    others = [exercise.solution_path, *exercise.alternative_paths, *exercise.delegated_paths]
    others += [exercise.provided_path] if exercise.provided_path else []
    for path in others:
        tree = parsed(path)
        if tree is not None:
            yield from _differences(exercise.stub_path, stub, path, tree)


def callables(tree: ast.Module) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    """Functions, classes and their methods ("LayerNorm.forward") by name."""
    found: dict[str, ast.FunctionDef | ast.ClassDef] = {}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = node
        if isinstance(node, ast.ClassDef):
            methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
            found |= {f"{node.name}.{method.name}": method for method in methods}
    return found


def parameters(node: ast.FunctionDef) -> list[str]:
    """Names with their defaults as written: ["x", "dim=-1", "*", "eps=1e-05"]."""
    a = node.args
    plain = [*a.posonlyargs, *a.args]
    defaults = [None] * (len(plain) - len(a.defaults)) + list(a.defaults)
    found = [_with_default(arg, d) for arg, d in zip(plain, defaults, strict=True)]
    found += [f"*{a.vararg.arg}"] if a.vararg else ["*"] if a.kwonlyargs else []
    pairs = zip(a.kwonlyargs, a.kw_defaults, strict=True)
    found += [_with_default(arg, default) for arg, default in pairs]
    return found + ([f"**{a.kwarg.arg}"] if a.kwarg else [])


def _with_default(arg: ast.arg, default: ast.expr | None) -> str:
    return arg.arg if default is None else f"{arg.arg}={ast.unparse(default)}"


def _differences(
    stub_path: Path, stub: ast.Module, path: Path, tree: ast.Module
) -> Iterator[LlmexError]:
    mine, theirs, bound = callables(stub), callables(tree), _bound(tree)
    for name, node in mine.items():
        found = theirs.get(name)
        if found is None and not (name in bound or _may_inherit(name, theirs, mine)):
            yield at(
                path,
                1,
                "{file}:{line}: there is no '{name}', which {stub} has.",
                "Define it, or take it out of the stub.",
                name=name,
                stub=shown(stub_path),
            )
        elif isinstance(node, ast.FunctionDef) and isinstance(found, ast.FunctionDef):
            wanted, got = parameters(node), parameters(found)
            if not _fits(wanted, got):
                yield at(
                    path,
                    found.lineno,
                    "{file}:{line}: '{name}' takes ({got}), the stub's takes ({wanted}).",
                    "Give both the same parameters, in the same order, with the same defaults.",
                    name=name,
                    got=", ".join(got),
                    wanted=", ".join(wanted),
                )


def _fits(wanted: list[str], got: list[str]) -> bool:
    """The same parameters; more may follow where they have defaults."""
    more = got[len(wanted) :]
    return wanted == got[: len(wanted)] and all("=" in p or p.startswith("*") for p in more)


def _may_inherit(name: str, theirs: Callables, mine: Callables) -> bool:
    """A method may come from a base, or a decorator, that the stub's class does not have."""
    owner = name.rpartition(".")[0]
    here, there = theirs.get(owner), mine.get(owner)
    if not (isinstance(here, ast.ClassDef) and isinstance(there, ast.ClassDef)):
        return bool(owner) and owner not in theirs  # the class itself is the finding
    return bool(_makers(here) - _makers(there))


def _makers(node: ast.ClassDef) -> set[str]:
    """What gives a class methods that do not stand in it."""
    return {ast.dump(maker) for maker in (*node.bases, *node.decorator_list)}


def _bound(tree: ast.Module) -> set[str]:
    """Names that an import or an assignment gives, also in classes: `__call__ = forward`."""
    found = {name for node in tree.body for name in _names(node)}
    for owner in tree.body:
        if isinstance(owner, ast.ClassDef):
            found |= {f"{owner.name}.{name}" for node in owner.body for name in _names(node)}
    return found


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    return []
