"""A course of one exercise, made of texts: what a judge says of an answer to it."""

from __future__ import annotations

import ast
import textwrap
from pathlib import Path

from llmex.grader.catalog import load_course
from llmex.grader.report import Counterexample, Report
from tests.judging import judged

_YAML = """id: made
version: 1
title: Made
summary: Made for a test.
difficulty: 1
minutes: 5
uses: {uses}
forbids: {forbids}
checks: {checks}
"""


def made(
    root: Path,
    suite: str,
    answer: str,
    *,
    solution: str = "",
    mistakes: str = "[]\n",
    uses: str = "torch",
    forbids: str = "[]",
) -> Report:
    """The report on `answer` by `suite`, in a course made below `root`.

    The stub has the answer's names, each unwritten. Without a `solution` there is none to compare
    mistakes with.
    """
    whole = textwrap.dedent(solution) or textwrap.dedent(answer)
    lay_out(root, suite, whole, mistakes=mistakes, uses=uses, forbids=forbids)
    return judged("made", textwrap.dedent(answer), load_course(root))


def lay_out(
    root: Path,
    suite: str,
    solution: str,
    *,
    mistakes: str = "[]\n",
    uses: str = "torch",
    forbids: str = "[]",
) -> None:
    """Write a course with one exercise, `made`, whose stub is the solution unwritten."""
    suite = textwrap.dedent(suite)
    public, hidden = (root / tree / "small" / "made" for tree in ("exercises", "solutions"))
    public.mkdir(parents=True, exist_ok=True)
    hidden.mkdir(parents=True, exist_ok=True)
    functions = [node for node in ast.parse(suite).body if isinstance(node, ast.FunctionDef)]
    tests = [node.name for node in functions if node.name.startswith("test_")]
    (public / "exercise.yaml").write_text(_YAML.format(uses=uses, forbids=forbids, checks=tests))
    (public / "stub.py").write_text(_stub(solution))
    (hidden / "suite.py").write_text(suite)
    (hidden / "solution.py").write_text(solution)
    (hidden / "mistakes.yaml").write_text(textwrap.dedent(mistakes))
    (root / "exercises" / "course.yaml").write_text(
        "schema: 1\ntitle: {en: Made}\nlanguages: [en]\n"
        "modules:\n  - {id: small, title: {en: Small}, exercises: [made]}\n"
        "tracks: {spine: {title: {en: All}, exercises: [made]}}\n"
    )


def case_of(report: Report, check: int = 0) -> Counterexample:
    """The counterexample of a check that failed, which is shown in few and short lines."""
    found = report.verdict.checks[check]
    assert found.outcome == "failed", (found, report.verdict.problem)
    case = found.counterexample
    assert case is not None
    shown = len(case.code) + bool(case.want) + bool(case.got) + bool(case.why) + bool(case.help)
    assert shown <= 25
    assert all(len(line) + 5 <= 80 for line in case.code)
    return case


def _stub(text: str) -> str:
    """A source whose functions are not written, but keep names, parameters and docstrings."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            text = ast.get_docstring(node) or ""
            said = [ast.Expr(ast.Constant(text))] if text else []
            node.body = [*said, *ast.parse("raise NotImplementedError").body]
    return ast.unparse(tree)
