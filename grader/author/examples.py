"""The examples in a stub's docstrings must hold for the solution."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

from llmex.grader.author.bench import Bench, Result
from llmex.grader.author.finding import at, line_in
from llmex.grader.catalog import Course, Exercise
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


class Examples:
    """The examples of one stub: handed in by `begin`, read by `findings`."""

    def __init__(self, course: Course, exercise: Exercise, folder: Path) -> None:
        """`folder` is where the suite that runs them is written."""
        self._course, self._exercise, self._folder = course, exercise, folder
        self._found = examples(exercise.stub_path.read_text("utf-8"))
        self._result: Future[Result] | None = None

    def begin(self, bench: Bench) -> None:
        """Hand in the examples, if there are any."""
        if not self._found:
            return
        exercise = self._exercise
        source = exercise.solution_path.read_text("utf-8")
        answer = gather(self._course, exercise, source, None)
        sources = {**answer.sources, answer.main: source + _RUNNER}
        suite = self._folder / f"{exercise.id}.py"
        suite.write_text(_SUITE.format(examples=self._found), "utf-8")
        values = setting(exercise) | {
            "suite": str(suite.resolve()),
            "checks": ("test_examples",),
            "long": (),
            "forbids": (),
        }
        job = Job(**values, subjects=(Subject("examples", answer.main, sources),))
        self._result = bench.submit(job)

    def findings(self) -> Iterator[LlmexError]:
        """The first example that the solution does not fulfil, or that there is none."""
        stub = self._exercise.stub_path
        if self._result is None:
            yield at(
                stub,
                1,
                "{file}:{line}: no docstring has an example.",
                "Show one call that runs (>>> ...) and what it gives.",
            )
            return
        verdict = from_plain(Verdict, self._result.result()["verdicts"]["examples"])
        shown = verdict.checks[0].counterexample if verdict.checks else None
        if verdict.outcome != "passed":
            name = shown.name if shown else self._found[0][0]
            said = verdict.problem.english() if verdict.problem else ""
            yield at(
                stub,
                line_in(stub, f" {name.rpartition('.')[2]}("),
                "{file}:{line}: the example of {name} does not hold for the solution: {got}",
                "Correct the example, or the solution.",
                name=name,
                got=_short(shown.got if shown and shown.got else said),
            )


def examples(stub: str) -> list[tuple[str, str]]:
    """Names and docstrings that hold an example."""
    found = []
    for node in ast.walk(ast.parse(stub)):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            text = ast.get_docstring(node) or ""
            if ">>>" in text:
                found.append((getattr(node, "name", "the module"), text))
    return found


def _short(got: str) -> str:
    """What doctest says, from "Failed example" on, on one line."""
    text = got.replace("\\n", "\n").partition("Failed example:")[2] or got
    return " ".join(text.split())[:300].strip("'\"")
