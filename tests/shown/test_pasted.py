"""What a failed check shows can be pasted, and makes the same objects again."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.miniature import case_of, made
from tests.shown.ground import pasted, suite

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
