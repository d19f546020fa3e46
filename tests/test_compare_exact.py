"""The comparator where no tolerance is meant: equality, errors, promises, parts, numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from llmex.grader.answers import AnswerUnwritten
from llmex.grader.compare import (
    CheckFailed,
    assert_equal,
    assert_holds,
    assert_number,
    assert_raises,
    assert_shape,
    unpack,
)
from llmex.grader.report import Counterexample, Sentence
from llmex.grader.trace import LearnerFault


class Handle:
    """A stand-in for an object that stayed in the worker."""

    remote_type = "generator"


class Raised(LearnerFault):
    """A stand-in for an exception of the answer."""

    def __init__(self, name: str, *bases: str, message: str = "") -> None:
        super().__init__(Sentence("{name} was raised", {"name": name}))
        self.name, self.bases, self.message = name, (name, *bases, "Exception"), message


def kind(value: Any) -> str:
    """A test's id: the type, for asking some of these values is an error."""
    return type(value).__name__


def refused(check: Callable[..., Any], *args: Any, **kwargs: Any) -> Counterexample:
    """What a check says that must fail."""
    with pytest.raises(CheckFailed) as caught:
        check(*args, **kwargs)
    assert isinstance(caught.value, AssertionError)
    return caught.value.counterexample_parts


def finding(check: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    """The English finding of a check that must fail."""
    said = refused(check, *args, **kwargs).finding
    assert said is not None
    assert "{" not in said.english().replace("{1}", "")
    return said.english()


A = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
T = torch.tensor(A)
HANDLE = Handle()

TYPE = "the type is {}, it should be {}"
SHAPE = "the shape is {}, it should be {}"
DTYPE = "the dtype is {}, it should be {}"

EQUAL: list[tuple[Any, Any]] = [
    (1, 1),
    (np.int64(1), 1),
    (torch.tensor(1), 1),
    (True, True),
    (np.True_, True),
    ("a", "a"),
    (b"a", b"a"),
    (None, None),
    ((1, [2]), [1, [2]]),
    ({1: [2], "a": None}, {"a": None, 1: [2]}),
    ({1, "a"}, {"a", 1}),
    (frozenset({1}), {1}),
    (np.array([1, 2]), np.array([1, 2])),
    (np.array(["a", "bc"]), np.array(["a", "bc"])),
    (slice(1, 2), slice(1, 2)),
    (torch.float32, torch.float32),
    (np.dtype("f4"), np.dtype("f4")),
    (10**5000, 10**5000),
]


@pytest.mark.parametrize(("got", "want"), EQUAL, ids=kind)
def test_equal_accepts(got: Any, want: Any) -> None:
    """Exact values pass, a NumPy int or a 0-d tensor for an int, a tuple for a list."""
    assert_equal(got, want)


UNEQUAL: list[tuple[Any, Any, str, str]] = [
    (True, 1, TYPE.format("bool", "int"), ""),
    (1, True, TYPE.format("int", "bool"), ""),
    (1.0, 1, TYPE.format("float", "int"), ""),
    ([1, True], [1, 1], TYPE.format("bool", "int"), "[1]"),
    (2, 1, "the value is wrong", ""),
    (0.1 + 0.2, 0.3, "the value is wrong", ""),
    ("abx", "abc", "it is wrong from character 2 on", "[2]"),
    ("ab", "abc", "it stops after 2 of 3 characters", "[2]"),
    ("abcd", "abc", "it goes on after the 3 characters that it should have", "[3]"),
    (b"ab", "ab", TYPE.format("bytes", "str"), ""),
    ([1, 2, 3], [1, 2, 4], "one wrong value out of 3", "[2]"),
    (["a", "b"], ["b", "a"], "first of 2 wrong values out of 2", "[0][0]"),
    ({True: 1}, {1: 1}, "the key 1 is missing", ""),
    ({1, 2}, {1, 3}, "3 is missing in the set", ""),
    ({1, 2}, {1}, "2 should not be in the set", ""),
    ({True}, {1}, "1 is missing in the set", ""),
    ([1], {1}, TYPE.format("list", "set"), ""),
    (0, None, TYPE.format("int", "None"), ""),
    (np.array([1, 2]), np.array([1, 3]), "one wrong value out of 2", "[1]"),
    (np.array([1, 2], np.int32), np.array([1, 2]), DTYPE.format("int32", "int64"), ""),
    (np.array(["a"]), np.array(["b"]), "it is wrong from character 0 on", "[0][0]"),
    (10**5000 + 1, 10**5000, "the value is wrong", ""),
    (HANDLE, None, TYPE.format("generator", "None"), ""),
    ({"a": HANDLE}, {"a": 1}, TYPE.format("generator", "int"), "['a']"),
]


@pytest.mark.parametrize(("got", "want", "said", "where"), UNEQUAL, ids=kind)
def test_equal_refuses(got: Any, want: Any, said: str, where: str) -> None:
    """What is not the same fails, with the place of it."""
    parts = refused(assert_equal, got, want)
    assert parts.finding is not None
    if not said.startswith("it is wrong from") or isinstance(got, str):
        assert parts.finding.english() == said
    assert parts.where == where


def test_long_texts_are_cut_to_what_differs() -> None:
    """Two megabytes are shown as the surroundings of their first difference, scrubbed."""
    want = "abcdefghij" * 200_000
    got = want[:1_000_000] + "\x1b\u202e" + want[1_000_002:]
    parts = refused(assert_equal, got, want)
    assert parts.where == "[1000000]"
    assert parts.got.startswith("…'")
    assert "\\x1b\\u202e" in parts.got
    assert len(parts.got) <= 60
    assert len(parts.want) <= 60


def test_raises_wants_the_right_error() -> None:
    """The named error or a subclass passes; another, or none, does not."""

    def fails(error: Exception) -> None:
        raise error

    assert_raises(ValueError, fails, Raised("ValueError"))
    assert_raises((KeyError, ValueError), fails, Raised("UnicodeDecodeError", "ValueError"))
    said = finding(assert_raises, (KeyError, ValueError), fails, Raised("TypeError"))
    assert said == "TypeError is raised, it should be KeyError or ValueError"
    parts = refused(assert_raises, ValueError, lambda x: x + 1, 2)
    assert parts.got == "3"
    assert parts.finding == Sentence(
        "nothing is raised, it should be {want}", {"got": "3", "want": "ValueError"}
    )


def test_raises_lets_other_trouble_through() -> None:
    """An unwritten stub, a stopped worker and the suite's own error are not the wanted error."""

    def fails(error: Exception) -> None:
        raise error

    unwritten = AnswerUnwritten("NotImplementedError", ["NotImplementedError"], "")
    for error in (unwritten, LearnerFault(Sentence("changed")), ZeroDivisionError()):
        with pytest.raises(type(error)) as caught:
            assert_raises((RuntimeError, ZeroDivisionError), fails, error)
        assert caught.value is error
    assert_raises(NotImplementedError, fails, unwritten)
    said = finding(assert_raises, ValueError, fails, Raised("NotImplementedError"))
    assert said == "NotImplementedError is raised, it should be ValueError"


def test_holds_says_why() -> None:
    """A promise that the suite computed fails with the suite's sentence and the value."""
    assert_holds(np.True_, got=A, why="")
    parts = refused(assert_holds, torch.tensor(False), got=1.5, why="row {row} has {got}", row=2)
    assert parts.why is not None
    assert parts.why.english() == "row 2 has 1.5"
    assert parts.got == "1.5"
    assert parts.finding is None


def test_unpack_wants_so_many_parts() -> None:
    """A tuple or list of n comes back as a tuple; anything else fails before it is looked at."""
    assert unpack((1, 2), 2) == (1, 2)
    assert unpack([1, 2], 2) == (1, 2)
    assert finding(unpack, (1,), 2) == "the result has 1 parts, it should have 2"
    assert finding(unpack, (1, 2, 3), 2) == "the result has 3 parts, it should have 2"
    for other in (A, None, HANDLE, "ab", {1: 2}):
        assert finding(unpack, other, 2).endswith("it should be a tuple of 2 parts")


def test_shape_is_looked_at_before_use() -> None:
    """An array or tensor of that shape and dtype passes, nothing else."""
    assert_shape(A, (2, 3))
    assert_shape(T, (2, 3), dtype=torch.float64)
    assert_shape(A, (2, 3), dtype=np.float64)
    assert_shape(T, (2, 3), dtype="float64")
    assert finding(assert_shape, A, (3, 2)) == SHAPE.format("(2, 3)", "(3, 2)")
    assert finding(assert_shape, A, (2, 3), dtype=np.float32) == DTYPE.format("float64", "float32")
    assert finding(assert_shape, A, (2, 3), dtype=torch.float64) == TYPE.format("ndarray", "Tensor")
    assert finding(assert_shape, T, (2, 3), dtype=np.float64) == TYPE.format("Tensor", "ndarray")
    for other in (None, [1.0], 1.0, HANDLE):
        assert "the type is" in finding(assert_shape, other, ())


def test_number_is_a_float() -> None:
    """Any real number comes back as a float; a bool, a text, NaN and the rest fail."""
    for good in (2, 2.0, np.float32(2), np.array(2), torch.tensor(2.0)):
        number = assert_number(good)
        assert (type(number), number) == (float, 2.0)
    for bad in (True, "2", None, A, HANDLE, 1j):
        assert finding(assert_number, bad).startswith("the type is")
    assert "NaN" in finding(assert_number, float("nan"))
    assert "infinite" in finding(assert_number, 10**400)
    assert assert_number(float("inf"), finite=False) == float("inf")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.binary(max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=6,
)


def typed(value: Any) -> Any:
    """A value in which equality knows types."""
    if isinstance(value, list):
        return ("list", [typed(item) for item in value])
    if isinstance(value, dict):
        return ("dict", {key: typed(item) for key, item in value.items()})
    return (type(value), value)


@given(JSON, JSON)
def test_equal_is_python_equality_with_types(got: Any, want: Any) -> None:
    """assert_equal passes exactly where the values and the types in them are the same."""
    if typed(got) == typed(want):
        assert_equal(got, want)
    else:
        refused(assert_equal, got, want)
