"""The examples in a stub's docstrings must hold for the solution."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Iterator
from pathlib import Path

from llmex.grader.author.finding import at, line_of
from llmex.grader.catalog import Course, Exercise
from llmex.grader.engine import Engine, judge
from llmex.grader.errors import LlmexError
from llmex.grader.grade import setting
from llmex.grader.job import Job, Subject
from llmex.grader.report import Verdict, from_plain
from llmex.grader.sources import gather

# Runs beside the solution, in its worker: what differs from the examples, or "".
_RUNNER = """

def run_examples(text, name):
    import doctest
    said = []
    test = doctest.DocTestParser().get_doctest(text, globals(), name, name, 0)
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    return "".join(said)
"""

_SUITE = '''
from llmex.grader.compare import assert_equal


def test_examples(learner):
    """The examples hold"""
    for name, text in {examples!r}:
        assert_equal(learner.run_examples(text, name), "", name=name)
'''


def findings(course: Course, exercise: Exercise, engine: Engine) -> Iterator[LlmexError]:
    """The first example of the stub that the solution does not fulfil, or that there is none."""
    found = examples(exercise.stub_path.read_text("utf-8"))
    if not found:
        yield at(
            exercise.stub_path,
            1,
            "no docstring has an example.",
            "Show one call that runs (>>> ...) and what it gives.",
        )
        return
    verdict = _run(course, exercise, found, engine)
    if verdict.outcome != "passed":
        shown = verdict.checks[0].counterexample if verdict.checks else None
        problem = verdict.problem.english() if verdict.problem else ""
        name = shown.name if shown else ""
        yield at(
            exercise.stub_path,
            line_of(exercise.stub_path.read_text("utf-8"), f" {name.rpartition('.')[2]}("),
            "the example of {name} does not hold for the solution: {got}",
            "Correct the example, or the solution.",
            name=name,
            got=(shown.got if shown else problem)[:400],
        )


def examples(stub: str) -> list[tuple[str, str]]:
    """Names and docstrings that hold an example."""
    found = []
    tree = ast.parse(stub)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            text = ast.get_docstring(node) or ""
            if ">>>" in text:
                found.append((getattr(node, "name", "the module"), text))
    return found


def _run(
    course: Course, exercise: Exercise, found: list[tuple[str, str]], engine: Engine
) -> Verdict:
    source = exercise.solution_path.read_text("utf-8")
    answer = gather(course, exercise, source, None)
    sources = {**answer.sources, answer.main: source + _RUNNER}
    with tempfile.TemporaryDirectory(prefix="llmex-") as folder:
        suite = Path(folder, "suite.py")
        suite.write_text(_SUITE.format(examples=found), "utf-8")
        values = setting(exercise) | {
            "suite": str(suite),
            "checks": ("test_examples",),
            "long": (),
            "forbids": (),
        }
        job = Job(**values, subjects=(Subject("examples", answer.main, sources),))
        return from_plain(Verdict, judge(job.plain(), engine)["verdicts"]["examples"])
