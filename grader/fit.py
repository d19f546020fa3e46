"""Whether a candidate explains an array: all of its values, and not by luck."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from llmex.grader.difference import array_margins, plain_number
from llmex.grader.literal import array_of, is_tensor, remote_type
from llmex.grader.tally import Array, Rule

LARGEST = 100_000  # values; beyond that help is not worth its time
_TIGHT = 1e-4  # a relation that holds by law holds better than a check of draws demands


@dataclass(frozen=True)
class Numbers:
    """The learner's and the wanted values as arrays, with the check's tolerance made tight."""

    got: Array
    want: Array
    rtol: float
    atol: float

    def fits(self, got: Array, want: Array) -> bool:
        """Whether both have one shape and all values agree."""
        if got.shape != want.shape or not got.size:
            return False
        return bool((array_margins(got, want, self.rtol, self.atol) <= 1.0).all())

    def explained_by(self, candidate: Array) -> bool:
        """Whether the learner's values are the candidate's."""
        return self.fits(self.got, candidate)

    @property
    def wrong(self) -> Array:
        """Where the values differ, as an array of bool; both have one shape."""
        wrong: Array = array_margins(self.got, self.want, self.rtol, self.atol) > 1.0
        return wrong

    @property
    def finite(self) -> bool:
        """Whether all values on both sides are finite."""
        return bool(np.isfinite(self.got).all() and np.isfinite(self.want).all())


def numbers_of(got: Any, want: Any, rule: Rule) -> Numbers | None:
    """Both values as arrays of real numbers, where they are that and small enough."""
    left, right = _numeric(got), _numeric(want)
    if left is None or right is None or max(left.size, right.size) > LARGEST:
        return None
    if not left.size or not right.size:
        return None
    integers = left.dtype.kind in "biu" and right.dtype.kind in "biu"
    # What was computed in the narrower of two dtypes is as close as that dtype allows.
    words = _dtype_word(got), _dtype_word(want)
    rtol, atol = map(max, zip(*(rule.tolerances(word, integers) for word in words), strict=True))
    usual = max(_TIGHT, *(Rule().tolerances(word)[0] for word in words))
    finite = np.abs(right[np.isfinite(right)].astype(np.float64))
    scale = float(finite.max()) if finite.size else 1.0
    return Numbers(left, right, min(rtol, usual), min(atol, usual * max(scale, 1e-30)))


def _dtype_word(value: Any) -> str:
    return str(getattr(value, "dtype", "")).removeprefix("torch.")


def _numeric(value: Any) -> Array | None:
    if remote_type(value) is not None:
        return None
    if isinstance(value, (np.ndarray, np.generic)) or is_tensor(value):
        array, _ = array_of(value)
        return array if array.dtype.kind in "biuf" else None
    if isinstance(value, (list, tuple)):
        return _from_list(value)
    number = plain_number(value)
    return None if number is None else _array_from(number)


def _array_from(value: Any) -> Array | None:
    array = np.array(value)
    return array if array.dtype.kind in "biuf" else None


def _from_list(value: Any) -> Array | None:
    """A list of numbers, or of lists of numbers of one length; None for anything else."""
    if len(value) and all(isinstance(row, (list, tuple)) for row in value):
        rows = [_from_list(row) for row in value]
        if any(row is None or row.ndim != 1 or len(row) != len(rows[0]) for row in rows):  # type: ignore[arg-type]
            return None
        return np.array(rows)
    numbers = [plain_number(item) for item in value]
    if any(number is None for number in numbers):
        return None
    if len({isinstance(number, bool) for number in numbers}) > 1:
        return None
    return _array_from(numbers)
