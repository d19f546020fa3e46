"""What a failed check shows can be pasted, is true, fits the screen, and leaves nothing empty."""

from __future__ import annotations

import io
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.theme import Theme

from llmex.cli.page import Page
from llmex.cli.screens.evidence import counterexample
from llmex.cli.session import STYLES
from llmex.cli.words import Words
from llmex.grader.report import Counterexample
from tests.miniature import case_of, made

HEAD = "import numpy as np\nimport torch\nfrom llmex.grader.compare import *\n"
VALUE = """
class Value:
    def __init__(self, data, parents=()):
        self.data, self.grad, self.parents = data, 0.0, parents
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other))
    __radd__ = __add__
    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other))
    def __rsub__(self, other):
        return Value(other - self.data, (self,))
    def __neg__(self):
        return Value(self.data, (self,))
    def __pow__(self, n):
        return Value(self.data**n, (self,))
    def backward(self):
        self.grad = 1.0
"""


def suite(body: str) -> str:
    """A suite of one check."""
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f'{HEAD}\ndef test_it(learner, rng):\n    """It holds"""\n{lines}'


def pasted(case: Counterexample, answer: str) -> dict[str, Any]:
    """What the code of a counterexample leaves when it is run beside the answer."""
    modules = {"small": types.ModuleType("small"), "small.made": types.ModuleType("small.made")}
    exec(answer, vars(modules["small.made"]))
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    space: dict[str, Any] = {}
    try:
        exec("\n".join(case.code), space)
    finally:
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module
    return space


# -- objects that operators make --------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "last"),
    [
        ("a + b", "value3 = value + value2"),
        ("2.0 + a", "value2 = 2.0 + value"),
        ("-2.0 - a", "value2 = (-2.0) - value"),
        ("-a", "value2 = -value"),
        ("a ** 2", "value2 = value ** 2"),
    ],
)
def test_an_operator_s_object_is_made_again(tmp_path: Path, expression: str, last: str) -> None:
    """The line that made an object with an operator stands before the call on it, and runs."""
    body = "a, b = learner.Value(3.0), learner.Value(4.0)\n" if "b" in expression else (
        "a = learner.Value(3.0)\n"
    )  # fmt: skip
    body += f"c = {expression}\nc.backward()\nassert_equal(a.grad, -1.0, name='a.grad')"
    case = case_of(made(tmp_path, suite(body), VALUE))
    name = last.split(" = ")[0]
    assert case.code[-2:] == (last, f"{name}.backward()")
    assert pasted(case, VALUE)[name].grad == 1.0


def test_an_expression_of_many_operators(tmp_path: Path) -> None:
    """A chain of operators stands in its order, each once, without those that it does not need."""
    body = """
a, b = learner.Value(3.0), learner.Value(4.0)
c = a * b
a + b
d = c + a
e = d * d
e.backward()
assert_equal(e.data, 0.0, name="e.data")
"""
    case = case_of(made(tmp_path, suite(body), VALUE))
    assert case.code == (
        "from small.made import Value",
        "value = Value(3.0)",
        "value2 = Value(4.0)",
        "value3 = value * value2",
        "value5 = value3 + value",
        "value6 = value5 * value5",
        "value6.backward()",
    )
    assert pasted(case, VALUE)["value6"].data == 225.0


def test_a_very_long_chain_is_cut(tmp_path: Path) -> None:
    """Thousands of objects, each made of the one before, neither break the judge nor the screen."""
    body = """
c = learner.Value(1.0)
for _ in range(1200):
    c = c + 1.0
c.backward()
assert_equal(c.data, 0.0, name="c.data")
"""
    case = case_of(made(tmp_path, suite(body), VALUE))
    assert len(case.code) <= 18


# -- objects that are reached, and loads ------------------------------------------------------


LAYERS = """
import torch
from torch import nn
class Net(nn.Module):
    def __init__(self, d=2):
        super().__init__()
        self.first, self.second = nn.Linear(d, d), nn.Linear(d, d)
        self.many = nn.ModuleList([nn.Linear(d, d)])
    def forward(self, x):
        return self.first(x) * 0
"""


def test_an_attribute_is_shown_by_the_way_to_it(tmp_path: Path) -> None:
    """A part of an object is written as one reaches it, and its owner is made first."""
    body = """
m = learner.Net()
got = m.first(torch.ones(2, 2))
assert_shape(got, (3, 2))
"""
    case = case_of(made(tmp_path, suite(body), LAYERS))
    assert (case.code[-3], case.code[-1]) == ("net = Net()", "net.first(x)")
    assert "net" in pasted(case, LAYERS)
    body = """
m = learner.Net()
part = learner.handle(m, "many", 0)
assert_shape(part(torch.ones(2, 2)), (3, 2))
"""
    case = case_of(made(tmp_path, suite(body), LAYERS))
    assert case.code[-1] == "net.many[0](x)"
    pasted(case, LAYERS)


def test_every_load_that_counts_is_shown(tmp_path: Path) -> None:
    """Two loads of other parameters both stand there; one that was overwritten does not."""
    body = """
m = learner.Net(1)
learner.load(m, {"first.weight": torch.tensor([[7.0]]), "first.bias": torch.tensor([7.0])})
learner.load(m, {"first.weight": torch.tensor([[2.0]]), "first.bias": torch.tensor([3.0])})
learner.load(m, {"second.weight": torch.tensor([[5.0]], requires_grad=True)})
assert_close(m(torch.tensor([[1.0]])), torch.tensor([[5.0]]))
"""
    case = case_of(made(tmp_path, suite(body), LAYERS))
    text = "\n".join(case.code)
    assert "net.first.weight.data.copy_(torch.tensor([[2.0]]))" in case.code
    assert "net.first.bias.data.copy_(torch.tensor([3.0]))" in case.code
    assert "net.second.weight.data.copy_(torch.tensor([[5.0]]))" in case.code
    assert "7.0" not in text
    assert pasted(case, LAYERS)["net"].second.weight.tolist() == [[5.0]]


def test_a_load_between_two_shown_calls_is_kept(tmp_path: Path) -> None:
    """What an earlier shown call was made with stands before it, though it is overwritten later."""
    body = """
m = learner.Net(1)
for w in (1.0, 2.0):
    learner.load(m, {"first.weight": torch.tensor([[w]])})
    got = m(torch.tensor([[w]]))
assert_close(got, torch.tensor([[9.0]]))
"""
    case = case_of(made(tmp_path, suite(body), LAYERS))
    copies = [line for line in case.code if "copy_" in line]
    assert len(copies) == 2


def test_a_placed_parameter_is_one(tmp_path: Path) -> None:
    """What the suite placed as a parameter is pasted as a parameter."""
    answer = "import torch\ndef norm(p):\n    return p.detach().norm()\n"
    body = "p = learner.place(torch.tensor([3.0, 4.0]), parameter=True)\n"
    body += "assert_close(learner.norm(p), torch.tensor(1.0))"
    case = case_of(made(tmp_path, suite(body), answer))
    assert "p = torch.nn.Parameter(torch.tensor([3.0, 4.0]))" in case.code
    assert type(pasted(case, answer)["p"]).__name__ == "Parameter"


# -- which call, and what of it ---------------------------------------------------------------


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


# -- fields of a why, and what is empty -------------------------------------------------------


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


# -- objects as evidence ----------------------------------------------------------------------


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


# -- not written, and torch's own -------------------------------------------------------------


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


# -- on the screen ----------------------------------------------------------------------------


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
