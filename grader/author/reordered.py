"""The solution in forms that are as right: parts created in reverse, more numbers drawn."""

from __future__ import annotations

import ast

_DRAWS = ("generator", "rng", "seed")  # what draws in a promised order stays as it is


def reordered(source: str) -> str | None:
    """The source with runs of `self.x = ...` in constructors turned round; None if there are none.

    A run is turned round only where no value in it uses `self` or draws from a given generator.
    """
    tree = ast.parse(source)
    turned = False
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            body = _turned(node.body)
            turned |= [id(part) for part in body] != [id(part) for part in node.body]
            node.body = body
    return ast.unparse(tree) if turned else None


def _turned(body: list[ast.stmt]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    run: list[ast.stmt] = []
    for node in [*body, None]:
        if node is not None and _stands_alone(node):
            run.append(node)
            continue
        found += run[::-1]
        run = []
        if node is not None:
            found.append(node)
    return found


def _stands_alone(node: ast.stmt) -> bool:
    """Whether a statement gives `self` one part that is called for, and needs no other part."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        return False
    value = node.value
    targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
    if [ast.unparse(target).split(".")[0] for target in targets] != ["self"]:
        return False
    names = {part.id for part in ast.walk(value) if isinstance(part, ast.Name)}
    kinds = {type(part) for part in ast.walk(value)}
    alone = ast.Call in kinds and ast.NamedExpr not in kinds
    return alone and not names & {"self", *_DRAWS}


def redrawn(source: str) -> str | None:
    """The source with one more number drawn before each draw from a given generator; None if none.

    Whoever judges draws by laws cannot tell; whoever compares them with draws of their own can.
    """
    tree = ast.parse(source)
    between = _DrawsBetween()
    tree = between.visit(tree)
    return ast.unparse(ast.fix_missing_locations(tree)) if between.found else None


class _DrawsBetween(ast.NodeTransformer):
    """Makes `f(..., generator=g)` and `rng.f(...)` the second of two draws."""

    found = False

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """The call, or a pair of which it is the second."""
        self.generic_visit(node)
        given = next((word.value for word in node.keywords if word.arg == "generator"), None)
        more = ""
        if given is not None:
            more = f"torch.rand((), generator={ast.unparse(given)})"
        elif ast.unparse(node.func).startswith("rng."):
            more = "rng.random()"
        if not more:
            return node
        self.found = True
        first = ast.parse(more, mode="eval").body
        pair = ast.Tuple([first, node], ast.Load())
        return ast.Subscript(pair, ast.Constant(1), ast.Load())
