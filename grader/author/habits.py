"""Habits of suites that accept wrong answers, refuse right ones, or blame the learner."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from llmex.grader.author import cotangents
from llmex.grader.author.finding import at, parsed
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise

COMPARE = "llmex.grader.compare"
_CLOCKS = {"time", "timeit", "datetime", "cProfile", "profile", "tracemalloc", "resource"}
_CLOCKS |= {"torch.profiler", "torch.utils.benchmark"}
_LOOSE = {"allclose", "isclose", "array_equal", "approx", "assert_allclose", "assert_array_equal"}
_LOOSE |= {"assert_almost_equal", "assert_array_almost_equal"}
_TESTING = {"numpy.testing", "torch.testing", "np.testing", "unittest", "pytest"}
_DRAWS = {"rand", "randn", "randint", "randperm", "normal", "bernoulli", "multinomial"}
_BROAD = {"Exception", "BaseException", "AssertionError"}


def findings(exercise: Exercise) -> Iterator[LlmexError]:
    """The lines of a suite that judge badly."""
    path = exercise.suite_path
    tree = parsed(path)
    if tree is None:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for name in _modules(node):
                yield from _import(path, node.lineno, name, exercise.uses)
        elif isinstance(node, ast.Call):
            yield from _call(path, node)
        elif isinstance(node, ast.Assert | ast.Raise | ast.ExceptHandler):
            yield from _verdict(path, node)
    for line in cotangents.plain_sums(tree):
        yield at(
            path,
            line,
            "{file}:{line}: the gradient is taken of a plain sum.",
            "Use a random cotangent: for softmax and LayerNorm the sum's gradient is zero.",
        )


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    module = node.module or ""
    inside = [f"{module}.{alias.name}" for alias in node.names]
    special = [name for name in inside if name in _TESTING | _CLOCKS]
    return special or [module]


def _import(path: Path, line: int, name: str, uses: str) -> Iterator[LlmexError]:
    top = name.split(".")[0]
    if name in _CLOCKS or top in _CLOCKS:
        yield at(
            path,
            line,
            "{file}:{line}: the suite looks at a clock or a profile.",
            "Use the exercise's limits: a busy machine must not fail an answer.",
        )
    elif name in _TESTING or top in _TESTING:
        yield at(
            path,
            line,
            "{file}:{line}: the suite imports {name}.",
            "Judge with llmex.grader.compare: it is strict, and says what is wrong.",
            name=name,
        )
    elif top == "torch" and uses != "torch":
        yield at(
            path,
            line,
            "{file}:{line}: the suite imports torch, but the exercise uses {uses}.",
            "A learner would wait for torch: find another truth, such as finite differences.",
            uses=uses,
        )
    elif name != COMPARE and top not in {"numpy", "torch", *sys.stdlib_module_names}:
        yield at(
            path,
            line,
            "{file}:{line}: the suite imports {name}, which a learner may not have.",
            "Import numpy, and torch if the exercise uses it; freeze what another library says.",
            name=name,
        )


def _call(path: Path, node: ast.Call) -> Iterator[LlmexError]:
    whole = ast.unparse(node.func)
    name = whole.rpartition(".")[2]
    if name in _LOOSE or whole.startswith(("np.testing.", "numpy.testing.", "torch.testing.")):
        yield at(
            path,
            node.lineno,
            "{file}:{line}: '{name}' takes NaN for NaN, broadcasts, or ignores the dtype.",
            "Use assert_close or assert_equal of llmex.grader.compare.",
            name=whole,
        )
    elif _is_global_draw(node, whole):
        yield at(
            path,
            node.lineno,
            "{file}:{line}: '{name}' draws from a generator of its own.",
            "Use the fixtures rng and trng, so that a seed gives the same check again.",
            name=whole,
        )
    elif name == "print" or whole in ("sys.stdout.write", "sys.stderr.write"):
        yield at(
            path,
            node.lineno,
            "{file}:{line}: the suite prints.",
            "Remove it: what a suite knows is not for the learner's screen.",
        )


def _verdict(path: Path, node: ast.Assert | ast.Raise | ast.ExceptHandler) -> Iterator[LlmexError]:
    if isinstance(node, ast.Assert):
        yield at(
            path,
            node.lineno,
            "{file}:{line}: a bare assert on a learner's value.",
            "Use a function of llmex.grader.compare: it says what is wrong, and why.",
        )
    elif isinstance(node, ast.Raise) and node.exc and "AssertionError" in ast.unparse(node.exc):
        yield at(
            path,
            node.lineno,
            "{file}:{line}: the suite raises AssertionError itself.",
            "Use assert_holds(condition, got=..., why=...) of llmex.grader.compare.",
        )
    elif isinstance(node, ast.ExceptHandler) and _is_broad(node):
        yield at(
            path,
            node.lineno,
            "{file}:{line}: this 'except' hides a check that has failed.",
            "Name the exception, or use assert_raises of llmex.grader.compare.",
        )


def _is_broad(node: ast.ExceptHandler) -> bool:
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(kind is None or ast.unparse(kind) in _BROAD for kind in kinds)


def _is_global_draw(node: ast.Call, whole: str) -> bool:
    if whole.endswith(("default_rng", "RandomState")):
        return not (node.args or node.keywords)
    if "(" in whole:
        return False  # a method of what another call made
    if whole.startswith(("np.random.", "numpy.random.", "random.")):
        return not whole.endswith(("Generator", "Random"))
    module, _, name = whole.rpartition(".")
    with_generator = any(word.arg == "generator" for word in node.keywords)
    return module == "torch" and name in _DRAWS and not with_generator
