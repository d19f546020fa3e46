"""What a comparison counts: how close is close, what is wrong, where first."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from llmex.grader.report import Sentence

Array = np.ndarray[Any, Any]
Path = tuple[Any, ...]  # an int or a key for each container, a tuple of ints for an array

_TOLERANCE = {"float32": 1e-5, "complex64": 1e-5, "float16": 1e-2, "bfloat16": 1e-2}
_CLOSE = 1e-9  # float64, complex128 and Python's own numbers


@dataclass(frozen=True)
class Rule:
    """How close is close: exactly, or within `atol + rtol * |want|` (None: by the dtype).

    `strict` also tells 1 from 1.0, which `same_evidence` needs.
    """

    rtol: float | None = None
    atol: float | None = None
    dtype: bool = True
    exact: bool = False
    strict: bool = False

    def tolerances(self, dtype: str, integers: bool = False) -> tuple[float, float]:
        """The relative and the absolute tolerance for wanted values of that dtype.

        Integers on both sides are equal or not, unless the check gave a tolerance.
        """
        if self.exact or (integers and self.rtol is None and self.atol is None):
            return 0.0, 0.0
        usual = 1e-1 if dtype.startswith("float8") else _TOLERANCE.get(dtype, _CLOSE)
        rtol = usual if self.rtol is None else self.rtol
        return rtol, usual if self.atol is None else self.atol


@dataclass(frozen=True)
class Place:
    """A place in a value, with what was found there and what should be there."""

    path: Path
    got: Any
    want: Any


@dataclass
class Tally:
    """What a walk over two values found; `broken` is a wrong type, shape, dtype, length or key."""

    total: int = 0
    wrong: int = 0
    nans: int = 0
    infinite: int = 0
    margin: float = 0.0
    first: Place | None = None
    first_odd: Place | None = None  # the first NaN or infinity where a number is wanted
    broken: Sentence | None = None
    breaks: list[Place] = field(default_factory=list)
    arrays: list[tuple[Path, Any, Any, Array]] = field(default_factory=list)

    def structure(self, path: Path, got: Any, want: Any, text: str, /, **fields: str | int) -> None:
        """Note what makes a comparison of values meaningless; the first of it is told."""
        self.breaks.append(Place(path, got, want))
        if self.broken is None:
            self.broken = Sentence(text, fields)
            self.first, self.margin = Place(path, got, want), math.inf

    def value(self, place: Place, margin: float) -> None:
        """Note one value and its error in tolerances."""
        self.total += 1
        self.margin = max(self.margin, margin)
        if margin > 1.0:
            self.wrong += 1
            self.first = self.first or place
            self.odd(place, 1)

    def odd(self, place: Place, count: int) -> None:
        """Note `count` wrong values like the one at `place`, if it is NaN or wrongly infinite."""
        if not isinstance(place.got, (float, complex, np.inexact)):
            return
        if np.isnan(place.got):
            self.first_odd = place if not self.nans else self.first_odd
            self.nans += count
        elif np.isinf(place.got) and np.isfinite(place.want):
            self.first_odd = self.first_odd or place
            self.infinite += count

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self.broken is None and not self.wrong

    def finding(self) -> Sentence:
        """The sentence that says what is wrong."""
        if self.broken is not None:
            return self.broken
        counted = {"nan": self.nans, "infinite": self.infinite, "wrong": self.wrong}
        kind, n = next((kind, n) for kind, n in counted.items() if n or kind == "wrong")
        single, one, many = _FINDINGS[kind]
        text = single if self.total == 1 else one if n == 1 else many
        return Sentence(text, {"n": n, "total": self.total})


_FINDINGS = {
    "nan": (
        "the value is NaN where a number is expected",
        "one of {total} values is NaN where a number is expected",
        "{n} of {total} values are NaN where numbers are expected",
    ),
    "infinite": (
        "the value is infinite where a finite number is expected",
        "one of {total} values is infinite where a finite number is expected",
        "{n} of {total} values are infinite where finite numbers are expected",
    ),
    "wrong": (
        "the value is wrong",
        "one wrong value out of {total}",
        "first of {n} wrong values out of {total}",
    ),
}
