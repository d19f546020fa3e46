"""The comparator: what it accepts, what it refuses and in which words, what it keeps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from llmex.grader.compare import (
    CheckFailed,
    assert_close,
    assert_equal,
)
from llmex.grader.report import Counterexample, Sentence


class Generator:
    """A stand-in for a handle: an object that stayed in the worker; asking it is an error."""

    remote_type = "generator"
    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("asked")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"asked for {name}")

    __bool__ = __len__ = __iter__ = __repr__ = __eq__  # type: ignore[assignment]


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
HANDLE = Generator()

ALIKE: list[tuple[Any, Any]] = [
    (A, A.copy()),
    (A + 1e-10, A),
    (T, T.clone().requires_grad_()),
    (T.clone().requires_grad_(), T),
    (np.float32(1.5), 1.5),
    (np.array(1.5), 1.5),
    (torch.tensor(1.5), 1.5),
    (1, 1.0),
    (1.0, 1),
    (1.5, np.float64(1.5)),
    ((1.0, 2.0), [1.0, 2.0]),
    ([[1.0], (2.0,)], [[1.0], [2.0]]),
    ([A, T], [A, T]),
    ({"a": A, "b": 1.0}, {"b": 1.0, "a": A}),
    (-0.0, 0.0),
    (np.array([-0.0]), np.array([0.0])),
    (np.float64(2), np.array(2.0)),
    (np.zeros((0, 3)), np.zeros((0, 3))),
    (torch.ones(2).bfloat16(), torch.ones(2).bfloat16()),
    (1 + 2j, 1 + 2j),
]


@pytest.mark.parametrize(("got", "want"), ALIKE, ids=kind)
def test_close_accepts(got: Any, want: Any) -> None:
    """Numbers are numbers in any wrapping, a tuple stands for a list, gradients do not matter."""
    assert_close(got, want)


TYPE = "the type is {}, it should be {}"
SHAPE = "the shape is {}, it should be {}"
DTYPE = "the dtype is {}, it should be {}"
LENGTH = "the length is {}, it should be {}"

REFUSED: list[tuple[Any, Any, str]] = [
    (A.tolist(), A, TYPE.format("list", "ndarray")),
    (T, A, TYPE.format("Tensor", "ndarray")),
    (A, T, TYPE.format("ndarray", "Tensor")),
    (1.0, A, TYPE.format("float", "ndarray")),
    (1.0, torch.tensor(1.0), TYPE.format("float", "Tensor")),
    (None, A, TYPE.format("None", "ndarray")),
    ("1.0", 1.0, TYPE.format("str", "float")),
    (True, 1.0, TYPE.format("bool", "float")),
    (np.True_, 1, TYPE.format("bool", "float")),
    (torch.tensor(True), 1.0, TYPE.format("Tensor", "float")),
    (A, 1.0, TYPE.format("ndarray", "float")),
    (1j, 1.0, TYPE.format("complex", "float")),
    (HANDLE, [1.0], TYPE.format("generator", "list")),
    (HANDLE, 1.0, TYPE.format("generator", "float")),
    (HANDLE, A, TYPE.format("generator", "ndarray")),
    (HANDLE, T, TYPE.format("generator", "Tensor")),
    ([HANDLE], [1.0], TYPE.format("generator", "float")),
    ([1.0], (1.0,), TYPE.format("list", "tuple")),
    (A, [1.0, 2.0], TYPE.format("ndarray", "list")),
    ([1.0, [2.0]], [1.0, 2.0], TYPE.format("list", "float")),
    (A.T, A, SHAPE.format("(3, 2)", "(2, 3)")),
    (A[:1], A, SHAPE.format("(1, 3)", "(2, 3)")),
    (A[0], A[:1], SHAPE.format("(3,)", "(1, 3)")),
    (np.zeros((0, 3)), A, SHAPE.format("(0, 3)", "(2, 3)")),
    (np.float64(1), A, SHAPE.format("()", "(2, 3)")),
    (A.astype(np.float32), A, DTYPE.format("float32", "float64")),
    (A.astype(int), A, DTYPE.format("int64", "float64")),
    (A.astype(object), A, DTYPE.format("object", "float64")),
    (T.float(), T, DTYPE.format("float32", "float64")),
    (T.bfloat16(), T.half(), DTYPE.format("bfloat16", "float16")),
    ([1.0], [1.0, 2.0], LENGTH.format(1, 2)),
    ([], [1.0], LENGTH.format(0, 1)),
    ({"a": 1.0}, {"b": 1.0}, "the key 'b' is missing"),
    ({"a": 1.0, "b": 1.0}, {"b": 1.0}, "the key 'a' should not be there"),
    (1.0 + 1e-6, 1.0, "the value is wrong"),
    (float("nan"), 1.0, "the value is NaN where a number is expected"),
    (float("inf"), 1.0, "the value is infinite where a finite number is expected"),
    (10**400, 1.0, "the value is wrong"),
    (A + 1.0, A, "first of 6 wrong values out of 6"),
    (np.array([10**10 + 1]), np.array([10**10]), "the value is wrong"),
    (np.array([2**53 + 1]), np.array([2**53]), "the value is wrong"),
    (A * np.nan, A, "6 of 6 values are NaN where numbers are expected"),
    (A * np.inf, A, "6 of 6 values are infinite where finite numbers are expected"),
    (A[0] * [1, np.nan, 1], A[0], "one of 3 values is NaN where a number is expected"),
    (np.array([1.0, -1e308]), np.array([1.0, 1e308]), "one wrong value out of 2"),
    (1e-7, 0.0, "the value is wrong"),
]  # fmt: skip


@pytest.mark.parametrize(("got", "want", "said"), REFUSED, ids=kind)
def test_close_refuses(got: Any, want: Any, said: str) -> None:
    """A wrong type, shape, dtype, length, key or value fails in exactly these words."""
    assert finding(assert_close, got, want) == said


@pytest.mark.parametrize("got", [
    None, True, "text", b"bytes", 3, 2.5, 1j, 10**5000, [], [[]], [[1], [2, 3]], (), {}, {"a": 1},
    {1}, ..., slice(1), range(3), object(), HANDLE, [HANDLE], {"a": HANDLE}, np.array(None),
    np.array(["a", "b"]), np.array([1, "x"], dtype=object), np.datetime64("2020-01-01"),
    np.zeros((0,)), np.zeros(()), np.ones((2, 2, 2), complex), np.array([np.nan] * 3),
    torch.tensor([]), torch.tensor(True), torch.ones(3, dtype=torch.complex64), np.dtype("f4"),
    torch.float32, torch.eye(3).to_sparse(), np.float16("nan"), "\ud800\x1b[31m", -0.0,
    np.zeros(2, dtype=[("a", int)]),
], ids=kind)  # fmt: skip
@pytest.mark.parametrize("want", [
    1.25, 7, False, "word", b"b", [9.5, 8.5], (5, 6), {"k": 1.5}, {7, 8}, np.array([7.5, 8.5]),
    np.array([7, 8]), torch.tensor([7.5, 8.5]), np.array(["p", "q"]), [[3.5], [4.5]], np.array(3.5),
    slice(4), np.float32(9.5), np.array([True, False]), torch.tensor([7, 8]), [np.ones(2)],
], ids=kind)  # fmt: skip
def test_whatever_comes_fails_in_words(got: Any, want: Any) -> None:
    """Every wrong value is a failed check with a finding in one printable line, never a crash."""
    for check in (assert_close, assert_equal):
        parts = refused(check, got, want)
        assert parts.finding is not None
        line = parts.finding.english() + parts.got + parts.want + parts.where
        assert line.isprintable()
        assert max(len(parts.got), len(parts.want)) <= 60


def test_first_wrong_place_is_named() -> None:
    """The place is the first wrong index in reading order, in an array as in nested lists."""
    got = A.copy()
    got[1, 0], got[1, 2] = 4.5, 7.0
    parts = refused(assert_close, got, A, name="out")
    assert (parts.name, parts.where, parts.got, parts.want) == ("out", "[1, 0]", "4.5", "4.0")
    assert parts.finding == Sentence(
        "first of {n} wrong values out of {total}", {"n": 2, "total": 6}
    )
    assert refused(assert_close, got.tolist(), A.tolist()).where == "[1][0]"
    assert refused(assert_close, {"a": [A, got]}, {"a": [A, A]}).where == "['a'][1][1, 0]"
    assert refused(assert_close, 2.0, 1.0).where == ""


def test_nan_is_shown_first() -> None:
    """Where values are NaN the place is theirs, also when a number before is wrong."""
    got = A.copy()
    got[0, 0], got[0, 1], got[1, 1] = 7.0, np.inf, np.nan
    parts = refused(assert_close, got, A)
    assert (parts.where, parts.got) == ("[1, 1]", "nan")


def test_digits_suffice_to_see_the_difference() -> None:
    """Got and wanted are never shown alike."""
    for off in (0.01, 1e-5, 1e-8):
        parts = refused(assert_close, 0.123456 + off, 0.123456, rtol=0, atol=0)
        assert parts.got != parts.want


def test_tolerance_follows_the_wanted_dtype() -> None:
    """1e-9 for float64 and Python's numbers, 1e-5 for float32, 1e-2 for 16 bits, 0 for ints."""
    for dtype, tolerance in ((np.float64, 1e-9), (np.float32, 1e-5), (np.float16, 1e-2)):
        want: Any = np.array([8.0], dtype)
        near, far = ((want * (1 + k * tolerance)).astype(dtype) for k in (0.5, 4))
        assert_close(near, want)
        assert finding(assert_close, far, want) == "the value is wrong"
    assert_close(torch.tensor([8.0 + 1e-2]).bfloat16(), torch.tensor([8.0]).bfloat16())
    assert finding(assert_close, [10**12 + 1], [10**12]) == "the value is wrong"


def test_given_tolerance_counts() -> None:
    """A check's own tolerance replaces the usual one, and no more than it says."""
    assert_close(1.009, 1.0, rtol=1e-2, atol=0)
    refused(assert_close, 1.011, 1.0, rtol=1e-2, atol=0)
    refused(assert_close, 1 + 1e-12, 1.0, rtol=0, atol=0)
    refused(assert_close, A + 1e-12, A, rtol=0, atol=0)


def test_other_widths_pass_on_request_only() -> None:
    """dtype=False forgives the width of a number, not a bool, a text or a complex number."""
    assert_close(A.astype(np.float32), A, dtype=False)
    assert_close(A.astype(int), A, dtype=False)
    for other in (A > 2, A.astype(str), A.astype(complex), A.astype(object)):
        assert "the dtype is" in finding(assert_close, other, A, dtype=False)
    assert_equal(np.array([1], np.int32), np.array([1]), dtype=False)
    assert "the dtype is float64" in finding(
        assert_equal, np.array([1.0]), np.array([1]), dtype=False
    )


def test_wanted_values_are_finite_unless_said() -> None:
    """A suite that wants NaN by accident is told so; with finite=False NaN equals NaN."""
    odd = np.array([1.0, np.nan, np.inf])
    for want in (odd, torch.tensor(odd), [1.0, float("nan")], float("inf"), {"a": [odd]}):
        with pytest.raises(ValueError, match="not finite"):
            assert_close(want, want)
        assert_close(want, want, finite=False)
    for got in (-odd, np.array([1.0, 0.0, np.inf]), np.array([1.0, np.nan, 1e300])):
        refused(assert_close, got, odd, finite=False)
    parts = refused(assert_close, -float("inf"), float("inf"), finite=False)
    assert parts.finding == Sentence("the value is wrong", {"n": 1, "total": 1})


def test_why_speaks_of_the_first_wrong_place() -> None:
    """A check's sentence gets the index, the values, its own fields, and only for wrong values."""
    got = A.copy()
    got[1, 2] = 9.0
    why = "query {i0} gives {got} to key {i1}, not {want} ({where}, {n})"
    parts = refused(assert_close, got, A, why=why, n=np.int64(3))
    assert parts.why is not None
    assert parts.why.text == why
    assert parts.why.english() == "query 1 gives 9.0 to key 2, not 6.0 ([1, 2], 3)"
    assert refused(assert_close, A.T, A, why=why).why is None


NUMBERS = st.floats(-1e6, 1e6)


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.integers(0, 5), NUMBERS)
def test_one_planted_error_is_found(values: list[float], at: int, planted: float) -> None:
    """Whatever the numbers, the one that is off is named, in a list, an array and a tensor."""
    at %= len(values)
    got = list(values)
    got[at] = planted
    off = abs(planted - values[at]) > 1e-9 + 1e-9 * abs(values[at])
    for make in (list, np.array, torch.DoubleTensor):
        if off:
            assert refused(assert_close, make(got), make(values)).where == f"[{at}]"
        else:
            assert_close(make(got), make(values))
