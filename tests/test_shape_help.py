"""Help: each wrong result that one thing explains is explained by it, and by nothing else."""

from __future__ import annotations

import unicodedata
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from llmex.grader.compare import CheckFailed, assert_close, assert_equal
from llmex.grader.value_help import factor_text

rng = np.random.default_rng(7)
M = rng.normal(size=(3, 4))
SQUARE = rng.normal(size=(4, 4))
CUBE = rng.normal(size=(2, 3, 4))
V = rng.normal(size=6)
P = np.exp(SQUARE) / np.exp(SQUARE).sum(1, keepdims=True)
LOGITS = rng.normal(size=(3, 5))
IDS = LOGITS.argmax(1)
UPPER = np.triu(np.ones((4, 4), bool), 1)


def softmax(x: Any, axis: int) -> Any:
    """Softmax along an axis."""
    e = np.exp(x)
    return e / e.sum(axis, keepdims=True)


def moved(x: Any, steps: int) -> Any:
    """Values that come later (or earlier, with a negative number), with zeros at the end."""
    out = np.zeros_like(x)
    if steps > 0:
        out[steps:] = x[:-steps]
    else:
        out[:steps] = x[-steps:]
    return out


def log_softmax(x: Any) -> Any:
    """Log-softmax along the last axis."""
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def helped(got: Any, want: Any, **options: Any) -> str | None:
    """The help of a comparison that fails, in English."""
    check = assert_close if options.pop("close", True) else assert_equal
    with pytest.raises(CheckFailed) as caught:
        check(got, want, **options)
    said = caught.value.counterexample_parts.help
    return None if said is None else said.english()


KNOWN: list[tuple[Any, Any, str]] = [
    (M.T, M, "the values are right, but axes 0 and 1 are swapped"),
    (SQUARE.T.copy(), SQUARE, "the values are right, but axes 0 and 1 are swapped"),
    (CUBE.swapaxes(0, 2), CUBE, "the values are right, but axes 0 and 2 are swapped"),
    (CUBE.transpose(1, 2, 0), CUBE,
     "the values are right, but their axes are in the order (1, 2, 0)"),
    (M.sum(1), M.sum(1, keepdims=True),
     "the values are right, but axis 1, of length 1, is missing (see keepdims)"),
    (M.sum(0, keepdims=True), M.sum(0),
     "the values are right, but there is an axis of length 1 too many: axis 0"),
    (M.sum(0, keepdims=True), M.sum(0)[:, None],
     "the values are right, only the axes of length 1 differ"),
    (np.array([0.25]), 0.25,
     "the values are right, but there is an axis of length 1 too many: axis 0"),
    (M.reshape(4, 3), M, "the values are right and in the right order, only the shape differs"),
    (M[:2], M, "the first 2 of 3 along axis 0 are right, then it stops"),
    (M[:, 1:], M, "the last 3 of 4 along axis 1 are right, the ones before are missing"),
    (np.append(V, 3.0), V, "the first 6 along axis 0 are right, then come 1 too many"),
    (np.append(3.0, V), V, "the last 6 along axis 0 are right, before them are 1 too many"),
    (IDS, LOGITS, "these are the indices of the greatest values along axis 1, not values"),
    (LOGITS, IDS, "the index of the greatest value along axis 1 is asked for"),
    (M, M.mean(0), "the mean over axis 0 of what you return would be right"),
    (M, M.sum(1), "the sum over axis 1 of what you return would be right"),
    (M, float(M.mean()), "the mean of all values that you return would be right"),
    (M, np.float64(M.sum()), "the sum of all values that you return would be right"),
    (V, float(V.mean()), "the mean over axis 0 of what you return would be right"),
    ((V[:, None] - V[::-1]) ** 2, (V - V[::-1]) ** 2,
     "the right values are on the diagonal of your result,"
     " as when shapes (6, 1) and (6,) are broadcast"),
    (np.zeros_like(M), M, "every value is zero"),
    (np.full_like(M, 0.25), M, "every value is the same: 0.25"),
    (V[::-1], V, "the values are right, but in reverse order along axis 0"),
    (M[:, ::-1], M, "the values are right, but in reverse order along axis 1"),
    (moved(V, 1), V, "along axis 0 the values come 1 too late"),
    (moved(V, -2), V, "along axis 0 the values come 2 too early"),
    (np.roll(M, 1, 1), M, "along axis 1 the values come 1 too late"),
    (-M, M, "every value has the wrong sign"),
    (2 * M, M, "every value is 2 times what it should be"),
    (M / 3, M, "every value is 1/3 times what it should be"),
    (M * np.sqrt(8), M, "every value is √8 times what it should be"),
    (M / np.log(2), M, "every value is 1/ln 2 times what it should be"),
    (M * -0.1234567, M, "every value is -0.1235 times what it should be"),
    (-V[:2], V[:2], "every value has the wrong sign"),
    (np.eye(4) * 2, np.eye(4), "every value is 2 times what it should be"),
    (M + 1, M, "every value is too great by 1"),
    (M - 0.125, M, "every value is too small by 0.125"),
    (np.log(P), P, "these are the logarithms of the right values"),
    (np.exp(M), M, "these are the exponentials of the right values"),
    (np.sqrt(P), P, "these are the square roots of the right values"),
    (M**2, M, "these are the squares of the right values"),
    (abs(M), M, "these are the right values without their sign"),
    (1 / M, M, "these are 1 divided by the right values"),
    (1 - P, P, "these are 1 minus the right values"),
    (np.maximum(M, 0), M, "these are the right values with the negative ones set to zero"),
    (np.trunc(M * 9), M * 9, "the right values, cut to whole numbers"),
    (np.round(M, 2), M, "the right values, rounded to 2 decimals"),
    (M * (1 + 1e-7 * np.sign(V[:4])), M, "the values agree to about 7 digits"),
    (softmax(SQUARE, 0), softmax(SQUARE, 1),
     "your values sum to 1 along axis 0, they should along axis 1"),
    (np.exp(LOGITS), softmax(LOGITS, 1),
     "along axis 1 the proportions are right, but not the scale of each row"),
    (LOGITS, log_softmax(LOGITS),
     "along axis 1 the differences are right, but each row has its own offset"),
    (np.sort(M, 1), M, "the values are right, but sorted along axis 1"),
    (V[[2, 0, 1, 5, 3, 4]], V, "the values are right, but in another order along axis 0"),
    (M.reshape(-1)[::-1].reshape(4, 3).T.copy(), M, "the values are right, but in other places"),
    (np.eye(4) * V[:4], np.eye(4) * abs(V[1:5]), "all wrong values are on the diagonal"),
    (SQUARE + np.eye(4) * V[:4], SQUARE, "all wrong values are on the diagonal"),
    (SQUARE + UPPER * M[0], SQUARE, "all wrong values are above the diagonal"),
    (SQUARE + UPPER.T * M[0], SQUARE, "all wrong values are below the diagonal"),
    (M + M * np.eye(4)[3], M, "all wrong values are at index 3 of axis 1"),
    (np.vstack([V[:4], [[1.0, 5.0, 2.0, 7.0]] * 2]), np.array([[1.0, 5.0, 2.0, 7.0]] * 3),
     "all wrong values are at index 0 of axis 0"),
    (SQUARE <= 0, SQUARE > 0, "every value is the opposite of what it should be"),
    (M.astype(np.float32), M, "the values are right, only the dtype differs"),
    (M.tolist(), M, "the values are right, only the type differs"),
    (torch.tensor(M), M, "the values are right, only the type differs"),
    (V[::-1].tolist(), V.tolist(), "the values are right, but in reverse order along axis 0"),
    ([4, 6, 9, 2], [3, 5, 8, 1], "every value is too great by 1"),
    (V.tolist()[:4], V.tolist(), "the first 4 of 6 along axis 0 are right, then it stops"),
    (None, M, "nothing is returned: is a `return` missing?"),
    ({"a": 2 * M}, {"a": M}, "every value is 2 times what it should be"),
    ([M, 2 * M], [M, M], "every value is 2 times what it should be"),
    ({"a": M.T}, {"a": M}, "the values are right, but axes 0 and 1 are swapped"),
    (torch.tensor(2 * M, requires_grad=True), torch.tensor(M),
     "every value is 2 times what it should be"),
]  # fmt: skip


@pytest.mark.parametrize(("got", "want", "said"), KNOWN, ids=[k[2][:50] for k in KNOWN])
def test_one_cause_is_named(got: Any, want: Any, said: str) -> None:
    """A result that one thing turned wrong is explained by that thing."""
    assert helped(got, want) == said


NFD = unicodedata.normalize("NFD", "café")
TEXTS = [
    ("abc", "abc\n", "only the new line at the end is missing"),
    ("abc\n", "abc", "only the new line at the end is too much"),
    (" abc", "abc", "only the white space at the ends differs"),
    ("a  b", "a b", "only the white space differs"),
    ("Abc", "abc", "only upper and lower case differ"),
    ("STRASSE", "straße", "only upper and lower case differ"),
    (NFD, "café", "the two look alike, but their code points differ"),
    ("cba", "abc", "the characters are right, but in reverse order"),
    (["a", "b"], ["a", "b", "c"], "the first 2 of 3 are right, then it stops"),
    (["b", "c"], ["a", "b", "c"], "the last 2 of 3 are right, the ones before are missing"),
    (["a", "b", "c"], ["a", "b"], "the first 2 are right, then come 1 too many"),
    (["x", "a", "b"], ["a", "b"], "the last 2 are right, before them are 1 too many"),
    (["c", "b", "a"], ["a", "b", "c"], "the items are right, but in reverse order"),
    (["b", "c", "a"], ["a", "b", "c"], "the items are right, but in another order"),
    (("b", ("c", 1), "a"), ("a", "b", ("c", 1)), "the items are right, but in another order"),
    ({"a": "X"}, {"a": "x"}, None),
    ("abd", "abc", None),
    (["a", "b", "d"], ["a", "b", "c"], None),
    (["a", "b", "b"], ["a", "a", "b"], None),
    ("b", "a", None),
    (1, 2, None),
    (True, 1, None),
]  # fmt: skip


@pytest.mark.parametrize(("got", "want", "said"), TEXTS, ids=ascii)
def test_texts_and_lists_are_explained(got: Any, want: Any, said: str | None) -> None:
    """Texts and lists that differ in one respect say so, others nothing."""
    assert helped(got, want, close=False) == said


def test_very_long_lists_are_not_sorted_out() -> None:
    """To look for each of a thousand items among the others takes too long: help is silent."""
    words = [str(n) for n in range(1001)]
    moved_on = words[1:] + words[:1]
    assert helped(moved_on, words, close=False) is None
    text = "the items are right, but in another order"
    assert helped(words[1:1000] + words[:1], words[:1000], close=False) == text


class Handle:
    """A stand-in for an object that stayed in the worker."""

    def __init__(self, remote_type: str) -> None:
        self.remote_type = remote_type


def test_what_stayed_in_the_worker_is_explained() -> None:
    """A generator or a function in place of its result is recognised."""
    assert helped(Handle("generator"), [1.0, 2.0]) == (
        "what is returned gives its items one by one: list(...) makes a list of it"
    )
    assert helped(Handle("method"), 1.0) == (
        "a function is returned, not its result: are the brackets () missing?"
    )
    assert helped(Handle("Answer"), 1.0) is None


LARGE = rng.normal(size=(6, 6))
SILENT: list[tuple[Any, Any]] = [
    (2 * V[:2], V[:2]),
    (2.0, 1.0),
    (np.array([2.0]), np.array([1.0])),
    (M + np.eye(3, 4), M + rng.normal(size=M.shape)),
    (M[:, :3] + 1.0, M),
    (rng.normal(size=(4, 3)), M),
    (np.array([1.0, 1.0, 3.0]), np.array([1.0, 1.0, 2.0])),
    (np.array([2.0, 2.0, 2.0]), np.array([1.0, 1.0, 1.0])),
    (np.array([1, 0, 0, 1]), np.array([0, 1, 1, 0])),
    ([2 * M, 3 * M], [M, M]),
    ([2 * M, [1.0]], [M, [2.0]]),
    (np.array([3.0, 4.0]), 1.0),
    (True, 1.0),
    (1.0, None),
    (np.array([9.0, 3.0, 1.0, 1.0]), np.array([3.0, 1.0, 1.0, 2.0])),
    (LARGE + np.eye(6, k=5) * 3.0 + np.eye(6, k=4), LARGE),
    (np.array([True, False, True]), np.array([1.0, 0.0, 1.0])),
    (np.array([1.0], np.float32), np.array([1.0])),
    (np.array([[1.0, -1.0], [2.0, -2.0]]), np.zeros(2)),
    (np.array([[3.0, 1.0], [5.0, 2.0]]), np.array([0, 0])),
    (np.array([0, 0]), np.array([[3.0, 1.0], [5.0, 2.0]])),
    (np.hstack([LARGE - np.diag(np.diag(LARGE)) + np.diag(V), V[:, None]]), V),
    (M[:2] + np.outer([0.0, 1.0], [1.0, 3.0, -1.0, 2.0]), M[:2]),
    (SQUARE / SQUARE.sum(0, keepdims=True), P),
]


@pytest.mark.parametrize(("got", "want"), SILENT, ids=repr)
def test_no_cause_is_no_word(got: Any, want: Any) -> None:
    """Where nothing explains all that is wrong, or too little is there to tell, help is silent."""
    close = want is not None
    assert helped(got, want, close=close) is None


def test_one_wrong_value_more_silences() -> None:
    """What explains all wrong values but one explains nothing."""
    for got, want, said in KNOWN:
        if not isinstance(got, np.ndarray) or got.dtype.kind != "f" or want is IDS:
            continue
        if said.startswith("all wrong values"):
            continue
        spoiled = got.copy()
        spoiled[tuple(min(1, n - 1) for n in got.shape)] += 0.7654321
        assert helped(spoiled, want) != said, said


def test_loose_checks_do_not_loosen_help() -> None:
    """A check of random draws with a wide tolerance is no proof of a factor."""
    want = np.linspace(0.5, 1.0, 8)
    got = 2 * want + rng.normal(size=8) * 0.01
    assert helped(got, want, rtol=0.1, atol=0.1) is None
    assert helped(2 * want, want, rtol=0.1, atol=0.1) == "every value is 2 times what it should be"


@pytest.mark.parametrize(("factor", "name"), [
    (2, "2"), (0.5, "1/2"), (0.8, "4/5"), (1 / 768, "1/768"), (-1 / 3, "-1/3"), (8**0.5, "√8"),
    (1 / 200, "1/200"), (768**-0.5, "1/√768"), (np.log(2), "ln 2"), (np.pi, "π"),
    (767 / 768, "767/768"), (0.123456, "0.1235"), (1234.567, "1235.0"),
])  # fmt: skip
def test_factors_have_names(factor: float, name: str) -> None:
    """A factor is named as one would say it; the lengths of the axes help."""
    assert factor_text(factor, (768, 3)) == name


@given(st.integers(0, 2**32 - 1))
def test_noise_is_never_explained(seed: int) -> None:
    """Two unrelated results have nothing to say of each other."""
    draw = np.random.default_rng(seed)
    shape = tuple(draw.integers(2, 5, size=2))
    assert helped(draw.normal(size=shape), draw.normal(size=shape)) is None
