"""Suites whose truth is the solution's own, or comes from the process of the answer."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from llmex.grader.author.cotangents import assigned, meant
from llmex.grader.author.finding import at, parsed
from llmex.grader.errors import LlmexError
from llmex.grader.exercise import Exercise

_READS = {"open", "exec", "compile", "__import__"}
_READ_METHODS = {"import_module", "run_path", "exec_module"}
_OF_A_PATH = {"read_text", "read_bytes", "open"}  # a course's data may be read
_COMPARED = {"assert_close", "assert_equal"}
_LEAST = 30  # nodes of a body: shorter ones are alike by chance


def findings(exercise: Exercise) -> Iterator[LlmexError]:
    """The lines in which a suite reads files, repeats what it should judge, or asks the stage."""
    suite, solution = parsed(exercise.suite_path), parsed(exercise.solution_path)
    if suite is None or solution is None:
        return
    for node in ast.walk(suite):
        if isinstance(node, ast.Call) and _reads(node.func):
            yield _of_a_file(exercise.suite_path, node)
    for line, asked in _wanted_of_the_stage(suite):
        yield at(
            exercise.suite_path,
            line,
            "{file}:{line}: what is wanted comes from the stage, beside the answer: {text}",
            "Compute it in the suite: an answer may have changed torch, or the stage, for itself.",
            text=ast.unparse(asked)[:60],
        )
    own = {_shape(node): node.name for node in _functions(solution)}
    for node in _functions(suite):
        shape = _shape(node)
        if shape.count("(") >= _LEAST and shape in own:
            yield at(
                exercise.suite_path,
                node.lineno,
                "{file}:{line}: '{name}' is the solution's '{other}' once more.",
                "Take a truth from outside: a law, brute force, numbers worked by hand.",
                name=node.name,
                other=own[shape],
            )


def _wanted_of_the_stage(suite: ast.Module) -> Iterator[tuple[int, ast.AST]]:
    """(line, what was asked) of comparisons with what the stage, or a model of it, computed."""
    for function in _functions(suite):
        names = assigned(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _COMPARED:
                words = [word.value for word in node.keywords if word.arg == "want"]
                wanted = [meant(value, names) for value in (*node.args[1:2], *words)]
                parts = (part for value in wanted for part in ast.walk(value))
                yield from ((node.lineno, p) for p in parts if _asks_the_stage(p, names))


def _asks_the_stage(node: ast.AST, names: dict[str, ast.expr]) -> bool:
    """`learner.stage.f(x)`, or `m(x)` where m = learner.stage.M()."""
    if not isinstance(node, ast.Call):
        return False
    called = meant(node.func, names)
    made = called.func if isinstance(called, ast.Call) else called
    return ast.unparse(made).startswith("learner.stage.")


def _of_a_file(path: Path, node: ast.Call) -> LlmexError:
    return at(
        path,
        node.lineno,
        "{file}:{line}: '{name}' reads or runs what is not in the suite.",
        "Write the numbers into the suite: its truth must not be the solution's.",
        name=ast.unparse(node.func)[:60],
    )


def _reads(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in _READS
    if not isinstance(function, ast.Attribute):
        return False
    whence = ast.unparse(function.value)
    beside = "__file__" in whence or "solution" in whence
    return function.attr in _READ_METHODS or (function.attr in _OF_A_PATH and beside)


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _shape(function: ast.FunctionDef) -> str:
    """The body with every local name numbered, without its docstring: equal for the same code."""
    body = [n for n in function.body if not (isinstance(n, ast.Expr) and _is_text(n.value))]
    numbers: dict[str, str] = {}
    text = ""
    for part in body:
        copy = ast.parse(ast.unparse(part))
        for node in ast.walk(copy):
            if isinstance(node, ast.Name):
                node.id = numbers.setdefault(node.id, f"n{len(numbers)}")
        text += ast.dump(copy)
    return text


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
