"""Gradients that a suite takes of a plain sum, and that hide a wrong one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_DEPTH = 5


def plain_sums(tree: ast.Module) -> Iterator[int]:
    """The lines in which the sum or the mean of a result is differentiated as it is.

    `out.sum().backward()`, `autograd.grad(out.sum(), x)`, `out.backward(torch.ones_like(out))` and
    the same by way of a name. A sum of a product or of a square has weights of its own.
    """
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = assigned(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and any(
                _is_plain_sum(what, names) or _is_ones(cotangent, names)
                for what, cotangent in _differentiated(node)
            ):
                yield node.lineno


def assigned(function: ast.FunctionDef) -> dict[str, ast.expr]:
    """What each name of a function was last given."""
    return {
        target.id: node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _differentiated(node: ast.Call) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """(what, cotangent) where a call takes a gradient."""
    words = {word.arg: word.value for word in node.keywords}
    if isinstance(node.func, ast.Attribute) and node.func.attr == "backward":
        given = words.get("gradient") or (node.args[0] if node.args else None)
        yield node.func.value, given
    elif ast.unparse(node.func) in ("torch.autograd.grad", "autograd.grad") and node.args:
        given = words.get("grad_outputs") or (node.args[2] if len(node.args) > 2 else None)
        yield node.args[0], given


def _is_plain_sum(node: ast.expr, names: dict[str, ast.expr]) -> bool:
    node = meant(node, names)
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr not in ("sum", "mean"):
        return False
    torch = isinstance(node.func.value, ast.Name) and node.func.value.id == "torch"
    of = node.args[0] if torch and node.args else node.func.value
    return _is_a_result(meant(of, names))


def _is_a_result(node: ast.expr) -> bool:
    """A learner's value as it came: no product, no power, no function of torch's of it."""
    if isinstance(node, ast.Name):
        return True
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    own = called.startswith("learner.") and "(" not in called
    return own or isinstance(node.func, ast.Name)


def _is_ones(node: ast.expr | None, names: dict[str, ast.expr]) -> bool:
    found = meant(node, names) if node is not None else None
    return isinstance(found, ast.Call) and ast.unparse(found.func) in (
        "torch.ones",
        "torch.ones_like",
    )


def meant(node: ast.expr, names: dict[str, ast.expr]) -> ast.expr:
    """What a name stands for in its function."""
    for _ in range(_DEPTH):
        if not (isinstance(node, ast.Name) and node.id in names):
            return node
        node = names[node.id]
    return node
