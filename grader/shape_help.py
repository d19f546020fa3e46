"""What is behind a wrong result, where its shape or its values give it away."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np

from llmex.grader.fit import Numbers, numbers_of
from llmex.grader.literal import remote_type, shape_text
from llmex.grader.plain_help import explain_items, explain_text
from llmex.grader.report import Sentence
from llmex.grader.tally import Array, Rule, Tally
from llmex.grader.value_help import explain_values, swapped

NOTHING = "nothing is returned: is a `return` missing?"
_GENERATORS = {"generator", "map", "filter", "zip", "range_iterator", "list_iterator"}
_FUNCTIONS = {"function", "method", "builtin_function_or_method", "partial"}


def explain_difference(got: Any, want: Any, rule: Rule, tally: Tally) -> Sentence | None:
    """A sentence that explains every wrong value, or None: silence rather than a guess."""
    nested = any(place.path for place in tally.breaks) or len(tally.arrays) > 1
    nested = nested or any(path for path, *_ in tally.arrays)
    with np.errstate(all="ignore"):
        said = _agreed(tally, rule) if nested else None
        return said or explain_pair(got, want, rule)


def _agreed(tally: Tally, rule: Rule) -> Sentence | None:
    """What explains each wrong part of several, if it is one thing and nothing else is wrong."""
    arrays = [(got, want) for _, got, want, where in tally.arrays if where.any()]
    wrong = [(place.got, place.want) for place in tally.breaks] + arrays
    if len(wrong) > 50 or sum(int(where.sum()) for *_, where in tally.arrays) != tally.wrong:
        return None
    said = [explain_pair(got, want, rule) for got, want in wrong]
    return said[0] if said and all(one == said[0] for one in said) else None


def explain_pair(got: Any, want: Any, rule: Rule) -> Sentence | None:
    """The same for one value that differs."""
    if got is None:
        return Sentence(NOTHING)
    if remote_type(got) is not None:
        return _explain_object(str(remote_type(got)))
    if isinstance(want, str):
        return explain_text(got, want) if isinstance(got, str) else None
    numbers = numbers_of(got, want, rule)
    return explain_items(got, want, rule) if numbers is None else _explain(numbers, got, want)


def _explain(numbers: Numbers, got: Any, want: Any) -> Sentence | None:
    if numbers.got.shape != numbers.want.shape:
        return next(_shapes(numbers), None)
    if numbers.wrong.any():
        return explain_values(numbers)
    alike = (numbers.got.dtype.kind == "b") == (numbers.want.dtype.kind == "b")
    return _only_the_kind(got, want) if alike and numbers.want.size > 1 else None


def _explain_object(word: str) -> Sentence | None:
    if word in _GENERATORS:
        return Sentence("what is returned gives its items one by one: list(...) makes a list of it")
    if word in _FUNCTIONS:
        return Sentence("a function is returned, not its result: are the brackets () missing?")
    return None


def _only_the_kind(got: Any, want: Any) -> Sentence:
    if type(got) is type(want):
        return Sentence("the values are right, only the dtype differs")
    return Sentence("the values are right, only the type differs")


def _shapes(numbers: Numbers) -> Iterator[Sentence]:
    """Each thing that explains a wrong shape, the surest first."""
    yield from _axes_of_one(numbers)
    if numbers.got.size > 1 and numbers.want.size > 1:
        yield from swapped(numbers)
        if numbers.fits(numbers.got.reshape(-1), numbers.want.reshape(-1)):
            yield Sentence("the values are right and in the right order, only the shape differs")
        yield from _too_short(numbers)
        yield from _too_long(numbers)
        yield from _indices_for_values(numbers)
    if numbers.got.size > numbers.want.size:
        yield from _not_reduced(numbers)
        yield from _broadcast(numbers)


def _axes_of_one(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    if not numbers.fits(got.reshape(-1), want.reshape(-1)):
        return
    for axis in range(max(got.ndim, want.ndim)):
        if _without(want.shape, axis) == got.shape:
            text = "the values are right, but axis {axis}, of length 1, is missing (see keepdims)"
            yield Sentence(text, {"axis": axis})
        if _without(got.shape, axis) == want.shape:
            text = "the values are right, but there is an axis of length 1 too many: axis {axis}"
            yield Sentence(text, {"axis": axis})
    if tuple(n for n in got.shape if n > 1) == tuple(n for n in want.shape if n > 1):
        yield Sentence("the values are right, only the axes of length 1 differ")


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...] | None:
    if axis >= len(shape) or shape[axis] != 1:
        return None
    return shape[:axis] + shape[axis + 1 :]


def _one_axis_apart(got: Array, want: Array) -> int | None:
    """The axis in which alone the two shapes differ."""
    if got.ndim != want.ndim:
        return None
    axes = [a for a in range(got.ndim) if got.shape[a] != want.shape[a]]
    return axes[0] if len(axes) == 1 else None


def _cut(array: Array, axis: int, piece: slice) -> Array:
    return array[(slice(None),) * axis + (piece,)]


def _too_short(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    axis = _one_axis_apart(got, want)
    if axis is None or got.shape[axis] > want.shape[axis]:
        return
    n, total = got.shape[axis], want.shape[axis]
    fields = {"n": n, "total": total, "axis": axis}
    if numbers.fits(got, _cut(want, axis, slice(n))):
        yield Sentence(
            "the first {n} of {total} along axis {axis} are right, then it stops", fields
        )
    elif numbers.fits(got, _cut(want, axis, slice(total - n, None))):
        text = "the last {n} of {total} along axis {axis} are right, the ones before are missing"
        yield Sentence(text, fields)


def _too_long(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    axis = _one_axis_apart(got, want)
    if axis is None or got.shape[axis] < want.shape[axis]:
        return
    n, more = want.shape[axis], got.shape[axis] - want.shape[axis]
    fields = {"n": n, "more": more, "axis": axis}
    if numbers.fits(_cut(got, axis, slice(n)), want):
        text = "the first {n} along axis {axis} are right, then come {more} too many"
        yield Sentence(text, fields)
    elif numbers.fits(_cut(got, axis, slice(more, None)), want):
        text = "the last {n} along axis {axis} are right, before them are {more} too many"
        yield Sentence(text, fields)


def _indices_for_values(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    if got.dtype.kind in "iu" and got.ndim == want.ndim - 1:
        for axis in range(want.ndim):
            if np.array_equal(want.argmax(axis), got) and got.max() > 0:
                text = "these are the indices of the greatest values along axis {axis}, not values"
                yield Sentence(text, {"axis": axis})
    if want.dtype.kind in "iu" and want.ndim == got.ndim - 1:
        for axis in range(got.ndim):
            if np.array_equal(got.argmax(axis), want) and want.max() > 0:
                text = "the index of the greatest value along axis {axis} is asked for"
                yield Sentence(text, {"axis": axis})


def _not_reduced(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got.astype(np.float64), numbers.want
    if not numbers.finite or not want.any():
        return
    if numbers.want.size == 1 and got.ndim > 1:
        flat = want.reshape(())
        if numbers.fits(got.mean(), flat):
            yield Sentence("the mean of all values that you return would be right")
        if numbers.fits(got.sum(), flat):
            yield Sentence("the sum of all values that you return would be right")
    for axis, keep in itertools.product(range(got.ndim), (False, True)):
        if got.shape[axis] > 1 and numbers.fits(got.mean(axis, keepdims=keep), want):
            text = "the mean over axis {axis} of what you return would be right"
            yield Sentence(text, {"axis": axis})
        if got.shape[axis] > 1 and numbers.fits(got.sum(axis, keepdims=keep), want):
            yield Sentence("the sum over axis {axis} of what you return would be right",
                           {"axis": axis})  # fmt: skip


def _broadcast(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    if want.ndim == 1 and got.shape == want.shape * 2 and numbers.fits(np.diagonal(got), want):
        text = (
            "the right values are on the diagonal of your result, as when shapes {column} and"
            " {row} are broadcast"
        )
        n = want.shape[0]
        yield Sentence(text, {"column": shape_text((n, 1)), "row": shape_text((n,))})
