"""What author check reads off an exercise's files, and the forms in which it writes a solution."""

from __future__ import annotations

import shutil
from pathlib import Path

from llmex.grader.author import sources
from llmex.grader.author.reordered import redrawn, reordered
from llmex.grader.author.subjects import Cast
from llmex.grader.author.survey import Survey
from llmex.grader.catalog import load_course
from llmex.grader.report import Check, Verdict
from tests.authoring import write_example
from tests.judging import WORLD


def test_an_earlier_exercise_is_needed_and_has_a_stand_in(tmp_path: Path) -> None:
    """A solution that imports another exercise says so in `needs`; something stands in for it."""
    for tree in ("exercises", "solutions"):
        shutil.copytree(WORLD / tree, tmp_path / tree)
    course = load_course(tmp_path)
    solution = course.exercise("total").solution_path
    solution.write_text("from small.double import double\n" + solution.read_text("utf-8"), "utf-8")
    found = [str(e) for e in sources.findings(course, course.exercise("total"))]
    for said in (
        "imports 'double', which is not in 'needs'.",
        "'double' is imported, but has no provided.py.",
    ):
        assert [text for text in found if ":1: " in text and said in text], found


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    """A Python file in another encoding is told, not stumbled over."""
    course = load_course(write_example(tmp_path))
    exercise = course.exercise("smoothed-loss")
    exercise.alternative_paths[0].write_bytes(b"# caf\xe9\n")
    found = [str(e) for e in sources.findings(course, exercise)]
    assert [text for text in found if "this file cannot be read as UTF-8 text." in text], found


def test_a_slow_right_answer(tmp_path: Path) -> None:
    """A check that takes a right answer more than half of its limit is told with both numbers."""
    course = load_course(write_example(tmp_path))
    exercise = course.exercise("smoothed-loss")
    survey = Survey(course, exercise, [])
    sitter = next(Cast(course, exercise).right(0))
    for seconds, often in ((9.0, 0), (11.0, 1)):
        verdict = Verdict("passed", (Check("test_runs", "", "passed", None, seconds),))
        found = [str(error) for error in survey._times([(sitter, verdict)])]
        assert (
            len([e for e in found if "'test_runs' took a right answer 11.0 s of 20" in e]) == often
        )


# -- the solution in another form -------------------------------------------------------------


MADE = """
class M:
    def __init__(self, d, generator=None):
        super().__init__()
        self.d = d
        self.a = make(d)
        self.b = make(2 * d)
        self.c = make(self.d)
        self.e = draw(generator)
        self.f = make(1)
        self.g = make(size := 2)
        one = make(1)
        two = make(2)
        self.x: M = make(1)
        self.y: M = make(2)

    def grow(self):
        self.h = make(1)
        self.i = make(2)
"""


def test_parts_are_created_in_reverse_where_that_changes_nothing() -> None:
    """Only neighbours turn round, none that needs another part or draws from a given generator."""
    text = reordered(MADE)
    assert text is not None
    parts = [line.strip() for line in text.splitlines() if " = " in line]
    assert [part[:6] for part in parts] == [
        "self.d", "self.b", "self.a", "self.c", "self.e", "self.f",
        "self.g", "one = ", "two = ", "self.y", "self.x", "self.h", "self.i",
    ]  # fmt: skip
    assert reordered("def f(x):\n    return x\n") is None
    assert reordered("class M:\n    def __init__(self):\n        self.a = make(1)\n") is None


def test_more_numbers_are_drawn_before_each_draw() -> None:
    """Of the given generator alone, torch's or NumPy's; without any draw there is no such form."""
    text = redrawn("def f(n, g, rng):\n    return torch.randn(n, generator=g) + rng.normal()\n")
    assert text is not None
    assert "(torch.rand((), generator=g), torch.randn(n, generator=g))[1]" in text
    assert "(rng.random(), rng.normal())[1]" in text
    assert redrawn("def f(n):\n    return torch.randn(n)\n") is None
