"""What turns the right values into the learner's: a factor, a shift, a function, an axis."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from fractions import Fraction

import numpy as np

from llmex.grader.fit import Numbers
from llmex.grader.literal import number_text
from llmex.grader.report import Sentence
from llmex.grader.tally import Array

_DISTINCT = 3  # fewer different values fit too much


def explain_values(numbers: Numbers) -> Sentence | None:
    """What explains every wrong value of an array of the right shape; None for a lone value."""
    wrong = numbers.wrong
    if numbers.want.size < 2:
        return None
    with np.errstate(all="ignore"):
        return next(_reasons(numbers, wrong), None)


def _reasons(numbers: Numbers, wrong: Array) -> Iterator[Sentence]:
    if wrong.sum() < 2:
        return
    if numbers.got.dtype.kind == "b":
        yield from _opposite(numbers, wrong)
        yield from _place(wrong)
        return
    yield from _constant(numbers)
    yield from _moved(numbers)
    if numbers.finite:
        wide = Numbers(
            numbers.got.astype(np.float64), numbers.want.astype(np.float64),
            numbers.rtol, numbers.atol,
        )  # fmt: skip
        yield from _scaled(wide)
        yield from _function(wide)
        yield from _precision(wide)
        yield from _normalised(wide)
    yield from _reordered(numbers)
    yield from _place(wrong)


def _distinct(values: Array) -> int:
    return len(np.unique(values))


def _opposite(numbers: Numbers, wrong: Array) -> Iterator[Sentence]:
    if wrong.all() and wrong.size >= _DISTINCT and _distinct(numbers.want) == 2:
        yield Sentence("every value is the opposite of what it should be")


def _constant(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    if not got.any():
        yield Sentence("every value is zero")
    elif got.size >= _DISTINCT and (got == got.flat[0]).all() and _distinct(want) > 1:
        value = number_text(got.flat[0], 6)
        yield Sentence("every value is the same: {value}", {"value": value})


def swapped(numbers: Numbers) -> Iterator[Sentence]:
    """The right values with their axes in another order."""
    got, want = numbers.got, numbers.want
    if got.ndim != want.ndim or not 2 <= got.ndim <= 4 or _distinct(want) < _DISTINCT:
        return
    for order in itertools.permutations(range(want.ndim)):
        if order == tuple(range(want.ndim)):
            continue
        if numbers.explained_by(want.transpose(order)):
            moved = [axis for axis in order if order[axis] != axis]
            if len(moved) == 2:
                text = "the values are right, but axes {a} and {b} are swapped"
                yield Sentence(text, {"a": min(moved), "b": max(moved)})
            else:
                text = "the values are right, but their axes are in the order {order}"
                yield Sentence(text, {"order": str(order)})


def _moved(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    if _distinct(want) < _DISTINCT:
        return
    yield from swapped(numbers)
    for axis in range(want.ndim):
        if numbers.explained_by(np.flip(want, axis)):
            text = "the values are right, but in reverse order along axis {axis}"
            yield Sentence(text, {"axis": axis})
    for axis, steps in itertools.product(range(want.ndim), (1, 2)):
        length = want.shape[axis]
        if length < 2 * steps + 1:
            continue
        head, tail = slice(length - steps), slice(steps, None)
        fields = {"axis": axis, "steps": steps}
        if _overlap(numbers, got, want, axis, tail, head):
            yield Sentence("along axis {axis} the values come {steps} too late", fields)
        if _overlap(numbers, got, want, axis, head, tail):
            yield Sentence("along axis {axis} the values come {steps} too early", fields)


def _overlap(
    numbers: Numbers, got: Array, want: Array, axis: int, mine: slice, right: slice
) -> bool:
    """Whether a piece of the result is another piece of the right one, and not by being flat."""
    before = (slice(None),) * axis
    piece = want[(*before, right)]
    varied = piece.shape[axis] >= 2 and _distinct(piece) >= _DISTINCT
    stays = numbers.fits(piece, want[(*before, mine)])
    return varied and not stays and numbers.fits(got[(*before, mine)], piece)


def _scaled(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    if _distinct(want) < 2:
        return
    if numbers.explained_by(-want):
        yield Sentence("every value has the wrong sign")
    if want.size < _DISTINCT:
        return
    factor = float((got * want).sum() / (want * want).sum())
    if factor and numbers.explained_by(factor * want):
        text = "every value is {factor} times what it should be"
        yield Sentence(text, {"factor": factor_text(factor, want.shape)})
    offset = float((got - want).mean())
    if numbers.explained_by(want + offset):
        much = number_text(int(offset) if offset.is_integer() else abs(offset), 5).lstrip("-")
        if offset > 0:
            yield Sentence("every value is too great by {offset}", {"offset": much})
        else:
            yield Sentence("every value is too small by {offset}", {"offset": much})


def factor_text(factor: float, shape: tuple[int, ...] = ()) -> str:
    """A factor by its name, where it has one: 2, 1/3, 4/5, √8, 1/√8, ln 2; else four digits."""
    sign, size = ("-" if factor < 0 else ""), abs(factor)
    simple = Fraction(size).limit_denominator(64)
    if simple and simple.numerator < 10_000 and _near(size, float(simple)):
        return sign + str(simple)
    for n in (*shape, *range(2, 257)):
        if n > 1 and _near(size, 1 / n):
            return f"{sign}1/{n}"
        if n > 1 and _near(size, (n - 1) / n):
            return f"{sign}{n - 1}/{n}"
        if _near(size, math.sqrt(n)):
            return f"{sign}√{n}"
        if n and _near(size, 1 / math.sqrt(n)):
            return f"{sign}1/√{n}"
    named = {"ln 2": math.log(2), "1/ln 2": 1 / math.log(2), "ln 10": math.log(10),
             "1/ln 10": 1 / math.log(10), "π": math.pi, "2π": 2 * math.pi}  # fmt: skip
    found = next((name for name, value in named.items() if _near(size, value)), None)
    return sign + (found or number_text(size, 4))


def _near(a: float, b: float) -> bool:
    return math.isclose(a, b, rel_tol=1e-6)


_FUNCTIONS: tuple[tuple[Callable[[Array], Array], str], ...] = (
    (np.log, "these are the logarithms of the right values"),
    (np.exp, "these are the exponentials of the right values"),
    (np.sqrt, "these are the square roots of the right values"),
    (np.square, "these are the squares of the right values"),
    (np.abs, "these are the right values without their sign"),
    (lambda x: 1 / x, "these are 1 divided by the right values"),
    (lambda x: 1 - x, "these are 1 minus the right values"),
    (lambda x: np.maximum(x, 0), "these are the right values with the negative ones set to zero"),
)


def _function(numbers: Numbers) -> Iterator[Sentence]:
    if numbers.want.size < _DISTINCT or _distinct(numbers.want) < _DISTINCT:
        return
    for function, text in _FUNCTIONS:
        if _distinct(numbers.got) >= 2 and numbers.explained_by(function(numbers.want)):
            yield Sentence(text)


def _precision(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    if _distinct(want) < _DISTINCT or _distinct(got) < 2:
        return
    if (got == np.trunc(want)).all() and not (want == np.trunc(want)).all():
        yield Sentence("the right values, cut to whole numbers")
    for digits in range(7):
        if np.allclose(got, np.round(want, digits), rtol=1e-12, atol=1e-12):
            yield Sentence("the right values, rounded to {digits} decimals", {"digits": digits})
            return
    error = np.abs(got - want).max() / np.abs(want).max()
    if error <= 1e-4 and (got * want >= 0).all():
        digits = math.floor(-math.log10(error))
        yield Sentence("the values agree to about {digits} digits", {"digits": digits})


def _normalised(numbers: Numbers) -> Iterator[Sentence]:
    """What was divided, or lowered, along the wrong axis or not at all."""
    got, want = numbers.got, numbers.want
    for axis in range(want.ndim):
        length, rows = want.shape[axis], want.size // want.shape[axis]
        if length < _DISTINCT or rows < 2:
            continue
        along = _sums_to_one(got, numbers), _sums_to_one(want, numbers)
        if along[0] and along[1] and not set(along[0]) & set(along[1]):
            text = "your values sum to 1 along axis {got}, they should along axis {want}"
            yield Sentence(text, {"got": along[0][0], "want": along[1][0]})
        if numbers.wrong.any(axis).sum() < 2:
            continue
        square = (want * want).sum(axis, keepdims=True)
        scale = (got * want).sum(axis, keepdims=True) / np.where(square, square, 1)
        telling = (np.count_nonzero(want, axis) >= 2)[numbers.wrong.any(axis)].all()
        if telling and (scale != 0).all() and numbers.explained_by(scale * want):
            text = "along axis {axis} the proportions are right, but not the scale of each row"
            yield Sentence(text, {"axis": axis})
        if numbers.explained_by(want + (got - want).mean(axis, keepdims=True)):
            text = "along axis {axis} the differences are right, but each row has its own offset"
            yield Sentence(text, {"axis": axis})


def _sums_to_one(values: Array, numbers: Numbers) -> list[int]:
    if (values < 0).any():
        return []
    sums = ((axis, values.sum(axis)) for axis in range(values.ndim) if values.shape[axis] > 1)
    return [axis for axis, total in sums if numbers.fits(total, np.ones_like(total))]


def _reordered(numbers: Numbers) -> Iterator[Sentence]:
    got, want = numbers.got, numbers.want
    for axis in range(want.ndim):
        if want.shape[axis] < _DISTINCT or _distinct(want) < _DISTINCT:
            continue
        right = np.sort(want, axis)
        if numbers.explained_by(right):
            text = "the values are right, but sorted along axis {axis}"
            yield Sentence(text, {"axis": axis})
        elif numbers.fits(np.sort(got, axis), right):
            text = "the values are right, but in another order along axis {axis}"
            yield Sentence(text, {"axis": axis})
    if want.ndim > 1 and numbers.fits(np.sort(got, None), np.sort(want, None)):
        yield Sentence("the values are right, but in other places")


def _place(wrong: Array) -> Iterator[Sentence]:
    """Where all wrong values are, if that is one index of an axis or one side of a diagonal."""
    if wrong.ndim < 2:
        return
    indices = np.nonzero(wrong)
    for axis, index in enumerate(indices):
        if wrong.shape[axis] >= _DISTINCT and (index == index[0]).all():
            fields = {"axis": axis, "index": int(index[0])}
            yield Sentence("all wrong values are at index {index} of axis {axis}", fields)
    rows, columns = np.indices(wrong.shape[-2:])
    if min(rows.shape) < _DISTINCT:
        return
    regions = {
        "all wrong values are on the diagonal": rows == columns,
        "all wrong values are above the diagonal": rows < columns,
        "all wrong values are below the diagonal": rows > columns,
    }
    for text, region in regions.items():
        inside = int((wrong & region).sum())
        if inside == wrong.sum() and 2 * inside >= region.sum() * (wrong.size // region.size):
            yield Sentence(text)
