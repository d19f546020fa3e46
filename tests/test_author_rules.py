"""The readers behind author check: secrets, whys, signatures, gradients, habits."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from llmex.grader.author import cotangents, habits, signatures, whys
from llmex.grader.author.finding import columns
from llmex.grader.author.secrets import Secrets, telling
from llmex.grader.catalog import load_course
from tests.authoring import write_example

SOLUTION = '''
"""A lesson."""
import numpy as np

def f(x, axis=-1):
    """Shares; total = x.sum(axis=axis, keepdims=True) is no secret in a docstring."""
    if x.ndim == 0:
        raise ValueError(f"x must have a dimension, not {x.ndim}")
    total = x.sum(axis=axis, keepdims=True)  # one for each row
    return x / np.where(total == 0, 1.0, total)
'''
STUB = """
def f(x, axis=-1):
    total = x.sum(axis=axis, keepdims=True)
    raise NotImplementedError
"""


# -- secrets ----------------------------------------------------------------------------------


def test_what_tells_the_answer() -> None:
    """Assignments and results, whole and without their name; no comments, raises, docstrings."""
    assert telling(SOLUTION) == [
        "total = x.sum(axis=axis, keepdims=True)",
        "return x / np.where(total == 0, 1.0, total)",
        "x.sum(axis=axis, keepdims=True)",
        "x / np.where(total == 0, 1.0, total)",
    ]
    assert telling("def broken(:") == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Write x/np.where(total==0,1.0,total).", True),
        ("Write\n   x / np.where(total == 0,\n   1.0, total).", True),
        ("Use np.where on the total.", False),
        ("total = x.sum(axis=axis, keepdims=True)", False),  # the stub shows it
        ("x must have a dimension, not 0", False),
    ],
)
def test_a_text_gives_the_answer_away(tmp_path: Path, text: str, told: bool) -> None:
    """However it is spaced, a line of the solution that the stub does not show is a secret."""
    (tmp_path / "solution.py").write_text(SOLUTION)
    (tmp_path / "stub.py").write_text(STUB)
    secrets = Secrets(tmp_path / "solution.py", tmp_path / "stub.py")
    assert bool(secrets.told_by(text)) is told


# -- whys -------------------------------------------------------------------------------------


SUITE = """
FIRST = "the first is {want}"
TABLE = {"a": "in a table {got}", "b": "also in it"}
PLAIN = "a text that nobody reads as a reason"
LINES = {"uniform": 4.2}

def close(got, want, reason, *, more=""):
    assert_close(got, want, why=reason)
    assert_holds(True, got=got, why=more)

def test_a(learner):
    assert_close(learner.f(PLAIN), 1, why=FIRST)
    words = {"why": "of a dict" if learner else "or another"}
    assert_close(learner.f(2), 1, **words)
    for name, said in TABLE.items():
        assert_close(learner.f(name), 1, why=said)
    close(1, 2, "passed on", more="by name")
    for said, _ in (("from a loop", 1), ("and the second", 2)):
        assert_close(1, 2, why=said)
    assert_close(1, 2, why=f"put together {PLAIN}")
    assert_close(1, 2, why="and " + FIRST)
    training.begin(steps=3, unit="nats", baselines=LINES)
    training.begin(steps=3, unit="bits", baselines={"bigram": 2.5})
"""


def test_every_why_is_followed(tmp_path: Path) -> None:
    """Through names, tables, conditions, loops, dicts, functions; what is put together is told."""
    path = tmp_path / "suite.py"
    path.write_text(SUITE)
    found, made = whys.templates(path)
    assert {template for template, _ in found} == {
        "the first is {want}", "in a table {got}", "also in it", "of a dict", "or another",
        "passed on", "by name", "from a loop", "and the second", "nats", "bits", "uniform",
        "bigram",
    }  # fmt: skip
    assert dict(found)["the first is {want}"] == 2
    assert len(made) == 2


def test_whys_of_a_broken_suite(tmp_path: Path) -> None:
    """A suite that is no Python, or not there, has none."""
    assert whys.templates(tmp_path / "suite.py") == ([], [])


# -- gradients --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("learner.f(x).sum().backward()", True),
        ("out = learner.f(x); out.mean().backward()", True),
        ("out = learner.f(x); loss = out.sum(); loss.backward()", True),
        ("torch.autograd.grad(learner.f(x).sum(), x)", True),
        ("torch.sum(learner.f(x)).backward()", True),
        ("out = learner.f(x); out.backward(torch.ones_like(out))", True),
        ("m = learner.M(); m(x).sum().backward()", True),
        ("(learner.f(x) * g).sum().backward()", False),
        ("out = learner.f(x); (out * g).sum().backward()", False),
        ("out = learner.f(x) * g; out.sum().backward()", False),
        ("torch.autograd.grad(out, x, g)", False),
        ("learner.loss(x).backward()", False),
        ("torch.einsum('ij,ij', learner.f(x), g).sum().backward()", False),
        ("learner.f(x).pow(2).sum().backward()", False),
    ],
)
def test_gradients_of_a_plain_sum(line: str, plain: bool) -> None:
    """A sum or mean of a result as it came is told; weights of any kind make it another thing."""
    tree = ast.parse(f"def test_x(learner, x, g):\n    {line}\n")
    assert list(cotangents.plain_sums(tree)) == ([2] if plain else [])


# -- signatures -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("def smooth(losses, beta=0.9): ...", ""),
        ("def smooth(losses, beta=0.9, *, chunk=8): ...", ""),
        ("def smooth(losses, beta=0.9, **more): ...", ""),
        ("from fast import smooth", ""),
        ("smooth = partial(f, 1)", ""),
        ("def smooth(losses, beta): ...", "takes (losses, beta)"),
        ("def smooth(losses, *, beta=0.9): ...", "takes (losses, *, beta=0.9)"),
        ("def smooth(losses, beta=0.9, chunk): ...", ""),  # no Python: told as that
        ("def smooth(losses, beta=0.9, *, chunk): ...", "takes (losses, beta=0.9, *, chunk)"),
        ("def smoothen(losses, beta=0.9): ...", "there is no 'smooth'"),
    ],
)  # fmt: skip
def test_signatures(tmp_path: Path, answer: str, says: str) -> None:
    """The stub's parameters in their order with their defaults; more may follow with defaults."""
    root = write_example(tmp_path)
    exercise = load_course(root).exercise("smoothed-loss")
    path = exercise.alternative_paths[0]
    path.write_text(answer + "\n")
    found = [str(error) for error in signatures.findings(exercise)]
    assert len(found) == (1 if says else 0), found
    assert says in "".join(found)


def test_methods_may_be_inherited_or_assigned(tmp_path: Path) -> None:
    """A method of the stub may come from a base, a decorator or another name, or is missing."""
    root = write_example(tmp_path)
    exercise = load_course(root).exercise("smoothed-loss")
    methods = "    def __init__(self): ...\n    def __radd__(self, x): ...\n"
    exercise.stub_path.write_text(f"class V:\n{methods}")
    exercise.solution_path.write_text("class V:\n    def __init__(self): ...\n    __radd__ = 1\n")
    first, second = exercise.alternative_paths
    first.write_text("@dataclass\nclass V:\n    pass\n")
    second.write_text(f"class W:\n    pass\nclass V:\n{methods[:29]}")
    found = [str(error) for error in signatures.findings(exercise)]
    assert len(found) == 1
    assert "there is no 'V.__radd__'" in found[0]


def test_every_right_answer_has_the_stubs_signatures(tmp_path: Path) -> None:
    """Not only the alternatives: the delegated answers and the public stand-in too."""
    root = write_example(tmp_path)
    exercise = load_course(root).exercise("smoothed-loss")
    delegated = exercise.solution_folder / "delegated" / "library.py"
    provided = exercise.folder / "provided.py"
    for path in (delegated, provided):
        path.parent.mkdir(exist_ok=True)
        path.write_text("def smooth(losses): ...\n")
    found = [str(error) for error in signatures.findings(load_course(root).exercise(exercise.id))]
    assert ["library.py:1" in one for one in found] == [True, False]
    assert ["provided.py:1" in one for one in found] == [False, True]


# -- habits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("from math import log", ""),
        ("from llmex.grader.compare import assert_close", ""),
        ("from llmex.grader import grade", "a learner may not have"),
        ("import pytest", "imports pytest"),
        ("from torch import testing", "imports torch.testing"),
        ("from torch.utils import benchmark", "clock or a profile"),
        ("import time", "clock or a profile"),
        ("from tracemalloc import start", "clock or a profile"),
        ("rng = np.random.default_rng(3)", ""),
        ("x = np.random.default_rng(3).random()", ""),
        ("x = rng.random()", ""),
        ("x = torch.randn(3, generator=trng)", ""),
        ("x = torch.randn(3)", "generator of its own"),
        ("x = random.random()", "generator of its own"),
        ("x = random.Random(3)", ""),
        ("assert_almost_equal(x, y)", "takes NaN for NaN"),
        ("torch.testing.assert_close(x, y)", "takes NaN for NaN"),
        ("try: f()\nexcept ValueError: pass", ""),
        ("try: f()\nexcept BaseException: pass", "hides a check"),
        ("try: f()\nexcept: pass", "hides a check"),
        ("try: f()\nexcept (KeyError, AssertionError): pass", "hides a check"),
        ("sys.stdout.write('x')", "the suite prints"),
        ("raise AssertionError('x')", "raises AssertionError"),
    ],
)
def test_habits(tmp_path: Path, line: str, says: str) -> None:
    """What a suite may import and draw, and what it may not."""
    root = write_example(tmp_path)
    text = (root / "exercises/training/smoothed-loss/exercise.yaml").read_text("utf-8")
    path = root / "exercises/training/smoothed-loss/exercise.yaml"
    path.write_text(text.replace("uses: numpy", "uses: torch"), "utf-8")
    exercise = load_course(root).exercise("smoothed-loss")
    exercise.suite_path.write_text(f"{line}\n")
    found = [str(error) for error in habits.findings(exercise)]
    assert bool(found) is bool(says), found
    assert says in "".join(found)


def test_columns() -> None:
    """A Chinese character takes two columns, a letter one, also with an accent."""
    assert columns("abc") == 3
    assert columns("平的曲线 √d") == 4 * 2 + 3
