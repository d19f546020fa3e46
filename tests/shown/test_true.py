"""What a failed check shows is the call that counts, with its reason, and leaves nothing empty."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from rich.theme import Theme

from llmex.cli.page import Page
from llmex.cli.screens.evidence import counterexample
from llmex.cli.session import STYLES
from llmex.cli.words import Words
from tests.miniature import case_of, made
from tests.shown.ground import pasted, suite

TWO = """
import numpy as np
def f(x, shift=0.0):
    return x + shift
def pair(x):
    return x, x + 1
def fill_(x):
    x[:] = 5.0
"""


def test_the_call_that_gave_the_value_is_shown(tmp_path: Path) -> None:
    """Where a check looks at an earlier result, that result's call is shown, not the last one."""
    body = """
a = learner.f(np.array([1.0, 2.0]), shift=1.0)
b = learner.f(np.array([1.0, 2.0]), shift=2.0)
assert_close(b, np.array([3.0, 4.0]))
assert_close(a, np.array([9.0, 9.0]))
"""
    case = case_of(made(tmp_path, suite(body), TWO, uses="torch"))
    assert case.code[-1] == "out = f(x, shift=1.0)"
    assert (case.name, case.where, case.got) == ("out", "[0]", "2.0")
    assert pasted(case, TWO)["out"][0] == 2.0


def test_a_part_of_a_result_says_which(tmp_path: Path) -> None:
    """Of a tuple, the part that was compared is named by its place."""
    body = "x, y = unpack(learner.pair(np.array([1.0, 2.0])), 2)\n"
    body += "assert_close(y, np.array([2.0, 9.0]))"
    case = case_of(made(tmp_path, suite(body), TWO))
    assert (case.name + case.where, case.code[-1]) == ("out[1][1]", "out = pair(x)")


def test_what_is_no_result_is_not_called_out(tmp_path: Path) -> None:
    """An argument that was changed, or a value that the suite computed, is not the result."""
    body = "w = np.zeros(2)\nlearner.inplace.fill_(w)\nassert_close(w, np.array([5.0, 6.0]))"
    case = case_of(made(tmp_path, suite(body), TWO))
    assert (case.name, case.where) == ("", "[1]")
    assert case.code[-1] == "fill_(x)"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("assert_close(got, 1.0, why='row {row} is off')", "nothing fills {row}"),
        ("assert_close(got, 1.0, why='{dtype}', dtype='float32')", "needs another name"),
        ("assert_equal(got, 1.0, why='{rtol} is off')", "nothing fills {rtol}"),
        ("assert_holds(True, got=got, why='{want} is off')", "nothing fills {want}"),
    ],
)
def test_a_why_that_nothing_fills_is_the_suite_s_fault(
    tmp_path: Path, line: str, says: str
) -> None:
    """It breaks on every right answer, so that no author can overlook it."""
    report = made(tmp_path, suite(f"got = learner.f(1.0)\n{line}"), "def f(x):\n    return x\n")
    assert report.verdict.outcome == "grader-error"
    assert report.verdict.problem is not None
    assert says in report.verdict.problem.english()


def test_a_learner_never_reads_a_hole(tmp_path: Path) -> None:
    """On a wrong answer a why with a hole is left out, and the check still fails as it should."""
    answer = "def f(x):\n    return x\n"
    line = "assert_close(learner.f(2.0), 1.0, why='row {row} is off')"
    case = case_of(made(tmp_path, suite(line), answer))
    assert (case.why, case.got, case.want) == (None, "2.0", "1.0")
    line = "assert_holds(False, got=learner.f(2.0), why='row {row} is off')"
    case = case_of(made(tmp_path, suite(line), answer))
    assert case.why is None
    assert case.finding is not None


def test_the_name_fills_its_own_field(tmp_path: Path) -> None:
    """`name=` says what is looked at, also within the sentence."""
    line = "assert_close(learner.f(2.0), 1.0, name='dW', why='{name} is off by {by}', by=1)"
    case = case_of(made(tmp_path, suite(line), "def f(x):\n    return x\n"))
    assert case.why is not None
    assert case.why.english() == "dW is off by 1"


MAKER = """
class Layer:
    def __init__(self, d):
        if d % 2:
            raise ValueError("d must be even")
        self.d = d
    def size(self):
        return self.d
"""


def test_a_constructor_that_wrongly_succeeds_is_diagnosed(tmp_path: Path) -> None:
    """An object that was made in the place of an error is evidence by its type."""
    report = made(
        tmp_path,
        suite(
            "assert_equal(learner.Layer(2).size(), 2)\nassert_raises(ValueError, learner.Layer, 3)"
        ),
        MAKER.replace("d % 2", "d < 0"),
        solution=MAKER,
        mistakes="- id: unchecked\n  says: An odd d is not refused.\n"
        "  edit: [{find: 'if d % 2:', replace: 'if d is None:'}]\n",
    )
    assert report.diagnosis is not None
    assert report.diagnosis.mistake == "unchecked"
    assert case_of(report).got == "<Layer object>"


def test_nothing_else_that_stays_away_is_evidence(tmp_path: Path) -> None:
    """Two generators are not known to give the same: silence."""
    report = made(
        tmp_path,
        suite("assert_equal(learner.f(2), [0, 1])"),
        "def f(n):\n    return (i + 7 for i in range(n))\n",
        solution="def f(n):\n    return list(range(n))\n",
        mistakes="- id: lazy\n  says: A generator.\n"
        "  edit: [{find: 'list(range(n))', replace: '(i for i in range(n))'}]\n",
    )
    assert report.diagnosis is None


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("raise NotImplementedError", "not-written"),
        ("raise NotImplementedError('later')", "not-written"),
        ("return g(x)\ndef g(x):\n    raise NotImplementedError", "not-written"),
        ("return torch.linalg.qr(x.bfloat16())", "failed"),
        ("return torch.nn.Module()(x)", "failed"),
        ("return torch.zeros(2, device='meta').cpu()", "failed"),
    ],
)  # fmt: skip
def test_only_the_learner_s_own_line_says_not_written(
    tmp_path: Path, body: str, outcome: str
) -> None:
    """torch raises NotImplementedError too: that is an answer that fails, with its message."""
    answer = f"import torch\ndef f(x):\n    {body}\n"
    report = made(
        tmp_path, suite("assert_close(learner.f(torch.ones(2, 2)), 1.0)"), answer,
        solution="def f(x):\n    return 1.0\n",
    )  # fmt: skip
    check = report.verdict.checks[0]
    assert check.outcome == outcome
    if outcome == "failed":
        finding = case_of(report).finding
        assert finding is not None
        assert "NotImplementedError" in finding.english()


@pytest.mark.parametrize("line", [
    "assert_holds(False, got=learner.f(2.0), why='{got} is not what it must be')",
    "unpack(learner.f(2.0), 2)",
    "assert_shape(learner.f(2.0), (3,))",
])  # fmt: skip
def test_no_line_of_the_screen_is_empty(tmp_path: Path, line: str) -> None:
    """Where a check wants no one value, no line says that it wants nothing."""
    case = case_of(made(tmp_path, suite(line), "def f(x):\n    return x\n"))
    page = Page(Words("en"), plain=False)
    counterexample(page, case, None)
    console = Console(file=io.StringIO(), width=80, theme=Theme(STYLES), color_system=None)
    with console.capture() as caught:
        console.print(page)
    shown = caught.get()
    assert "got" in shown
    assert not any(part.strip() in ("want", "got") for part in shown.splitlines())
