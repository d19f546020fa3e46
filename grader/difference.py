"""Where a value differs from the wanted one: type, shape and dtype first, then every number."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from llmex.grader.literal import array_of, is_tensor, remote_type, shape_text, short, type_word
from llmex.grader.tally import Array, Path, Place, Rule, Tally

_FAR_TOO_MANY = 10_000  # keys
WRONG_TYPE = "the type is {got}, it should be {want}"


def compare_values(got: Any, want: Any, rule: Rule) -> Tally:
    """Walk over both values and count what differs."""
    tally = Tally()
    _walk(got, want, rule, tally, ())
    return tally


def _walk(got: Any, want: Any, rule: Rule, tally: Tally, path: Path) -> None:
    if remote_type(want) is not None:
        wrong_type(got, want, tally, path)  # what stayed in the worker equals nothing
    elif is_number(want):
        _number(got, want, rule, tally, path)
    elif isinstance(want, np.ndarray) or is_tensor(want):
        _array(got, want, rule, tally, path)
    elif isinstance(want, (list, tuple)):
        _sequence(got, want, rule, tally, path)
    elif isinstance(want, dict):
        _mapping(got, want, rule, tally, path)
    elif isinstance(want, (set, frozenset)):
        _members(got, want, tally, path)
    elif isinstance(want, (str, bytes)):
        _text(got, want, tally, path)
    elif not isinstance(got, np.dtype if isinstance(want, np.dtype) else type(want)):
        wrong_type(got, want, tally, path)
    else:
        tally.value(Place(path, got, want), 0.0 if got == want else math.inf)


def wrong_type(got: Any, want: Any, tally: Tally, path: Path, promised: str = "") -> None:
    """Note that `got` has another type than `want`, or than the one `promised`."""
    words = {"got": type_word(got), "want": promised or type_word(want)}
    tally.structure(path, got, want, WRONG_TYPE, **words)


def is_number(value: Any) -> bool:
    """Whether `value` is a Python number or a NumPy scalar: what promises a number."""
    return isinstance(value, (bool, int, float, complex, np.number, np.bool_))


def plain_number(value: Any) -> bool | int | float | complex | None:
    """A number, a NumPy scalar or a 0-d array or tensor as a Python number; None for the rest."""
    if remote_type(value) is not None:
        return None
    if isinstance(value, (bool, int, float, complex)) and not isinstance(value, np.generic):
        return value
    if not (is_tensor(value) or isinstance(value, (np.ndarray, np.generic))):
        return None
    array, _ = array_of(value)
    if array.ndim or array.dtype.kind not in "biufc":
        return None
    item: bool | int | float | complex = array.item()
    return item if isinstance(item, (bool, int, float, complex)) else float(item)


_RANK: dict[type, int] = {bool: 0, int: 1, float: 2, complex: 3}


def _number(got: Any, want: Any, rule: Rule, tally: Tally, path: Path) -> None:
    number, wanted = plain_number(got), plain_number(want)
    assert wanted is not None
    if number is None or not _stands_for(type(number), type(wanted), rule):
        inexact = not rule.exact and type(wanted) is int
        wrong_type(got, want, tally, path, "float" if inexact else type(wanted).__name__)
        return
    dtype = str(want.dtype) if isinstance(want, np.generic) else ""
    rtol, atol = rule.tolerances(dtype, type(number) is type(wanted) is int)
    tally.value(Place(path, number, wanted), _number_margin(number, wanted, rtol, atol))


def _stands_for(got: type, want: type, rule: Rule) -> bool:
    """A bool only for a bool; an int for a float; a float for an int where close is enough."""
    if rule.strict or bool in (got, want):
        return got is want
    return _RANK[got] <= max(_RANK[want], 1 if rule.exact else 2)


def _number_margin(got: complex, want: complex, rtol: float, atol: float) -> float:
    if got == want or (got != got and want != want):
        return 0.0
    try:
        if not (np.isfinite(complex(want)) and np.isfinite(complex(got))):
            return math.inf
        error, allowed = abs(got - want), atol + rtol * abs(want)
    except OverflowError:  # integers beyond the floats
        return math.inf
    return float(error / allowed) if allowed else math.inf


def _array(got: Any, want: Any, rule: Rule, tally: Tally, path: Path) -> None:
    scalar = isinstance(got, np.generic) and isinstance(want, np.ndarray)
    alike = is_tensor(got) if is_tensor(want) else isinstance(got, np.ndarray) or scalar
    if not alike:
        wrong_type(got, want, tally, path)
        return
    (left, got_dtype), (right, want_dtype) = array_of(got), array_of(want)
    if left.shape != right.shape:
        words = {"got": shape_text(left.shape), "want": shape_text(right.shape)}
        tally.structure(path, got, want, "the shape is {got}, it should be {want}", **words)
    elif _dtype_differs(left, got_dtype, right, want_dtype, rule):
        words = {"got": got_dtype, "want": want_dtype}
        tally.structure(path, got, want, "the dtype is {got}, it should be {want}", **words)
    elif right.dtype.kind not in "biufc":
        _walk(left.tolist(), right.tolist(), rule, tally, path)
    else:
        integers = left.dtype.kind in "biu" and right.dtype.kind in "biu"
        _numbers(left, right, rule.tolerances(want_dtype, integers), tally, path)


def _dtype_differs(left: Array, got_dtype: str, right: Array, want_dtype: str, rule: Rule) -> bool:
    """With dtype=False numbers of any width are alike, but a bool or a text is no number."""
    if rule.dtype:
        return got_dtype != want_dtype and not left.dtype.kind == right.dtype.kind == "U"
    whole = "iu" if rule.exact else "iuf"
    allowed = {"b": "b", "i": whole, "u": whole, "f": "iuf", "c": "iufc"}
    return left.dtype.kind not in allowed.get(right.dtype.kind, right.dtype.kind)


def _numbers(
    got: Array, want: Array, tolerances: tuple[float, float], tally: Tally, path: Path
) -> None:
    margins = array_margins(got, want, *tolerances)
    wrong = margins > 1.0
    tally.total += got.size
    tally.arrays.append((path, got, want, wrong))
    if got.size:
        tally.margin = max(tally.margin, float(margins.max()))
    count = int(np.count_nonzero(wrong))
    if not count:
        return
    tally.wrong += count
    tally.first = tally.first or _place(got, want, wrong, path)
    if got.dtype.kind in "fc":
        for odd in (wrong & np.isnan(got), wrong & np.isinf(got) & np.isfinite(want)):
            if odd.any():
                tally.odd(_place(got, want, odd, path), int(np.count_nonzero(odd)))


def array_margins(got: Array, want: Array, rtol: float, atol: float) -> Array:
    """The error of every value in tolerances: 0 where equal (NaN too), inf where never equal."""
    with np.errstate(all="ignore"):
        equal = (got == want) | ((got != got) & (want != want))
        wide = np.complex128 if "c" in (got.dtype.kind, want.dtype.kind) else np.float64
        left, right = got.astype(wide), want.astype(wide)
        margins = np.abs(left - right) / (atol + rtol * np.abs(right))
        margins = np.where(np.isfinite(left) & np.isfinite(right), margins, np.inf)
        # An error too small for the wide type (integers above 2**53) is an error all the same.
        margins = np.where(np.isnan(margins), np.inf, margins)
    return np.where(equal, 0.0, margins)


def _place(got: Array, want: Array, wrong: Array, path: Path) -> Place:
    flat = int(np.argmax(wrong))
    index = tuple(int(i) for i in np.unravel_index(flat, wrong.shape))
    return Place((*path, index) if index else path, got[index], want[index])


def _sequence(got: Any, want: Any, rule: Rule, tally: Tally, path: Path) -> None:
    # A tuple may stand for a list, a list not for a tuple.
    kinds = (list, tuple) if isinstance(want, list) and not rule.strict else (type(want),)
    if not isinstance(got, kinds):
        wrong_type(got, want, tally, path)
        return
    if len(got) != len(want):
        words = {"got": len(got), "want": len(want)}
        tally.structure(path, got, want, "the length is {got}, it should be {want}", **words)
        return
    for index, (item, wanted) in enumerate(zip(got, want, strict=True)):
        _walk(item, wanted, rule, tally, (*path, index))


def _mapping(got: Any, want: Any, rule: Rule, tally: Tally, path: Path) -> None:
    if not isinstance(got, dict):
        wrong_type(got, want, tally, path)
        return
    theirs = _missing(got, want, tally, path)
    for tag, key in _keyed(want):
        if tag in theirs:
            _walk(got[theirs[tag]], want[key], rule, tally, (*path, key))


def _members(got: Any, want: Any, tally: Tally, path: Path) -> None:
    if not isinstance(got, (set, frozenset)):
        wrong_type(got, want, tally, path)
        return
    _missing(got, want, tally, path)
    tally.total += len(want)


def _missing(got: Any, want: Any, tally: Tally, path: Path) -> dict[Any, Any]:
    """Note the first key that only one side has; the keys of `got` by their tags.

    Of far too many nothing but the first that is too much is looked for.
    """
    keys = isinstance(want, dict)
    lacks = "the key {item} is missing" if keys else "{item} is missing in the set"
    extra = "the key {item} should not be there" if keys else "{item} should not be in the set"
    ours = dict(_keyed(want))
    theirs = dict(_keyed(got)) if len(got) <= len(want) + _FAR_TOO_MANY else {}
    missing = [key for tag, key in ours.items() if tag not in theirs] if theirs or not got else []
    if missing:
        tally.structure(path, got, want, lacks, item=short(missing[0]))
    else:
        for key in (key for tag, key in _keyed(got) if tag not in ours):
            tally.structure(path, got, want, extra, item=short(key))
            break
    return theirs


def _keyed(items: Any) -> Iterator[tuple[Any, Any]]:
    """Each key with a tag that tells 1 from True and 1.0 and never asks an answer's __eq__."""
    for key in items:
        yield _tag(key), key


def _tag(key: Any) -> Any:
    number = plain_number(key) if is_number(key) else None  # a tensor as a key is no number
    if number is not None:
        return type(number), number
    if isinstance(key, (tuple, frozenset)):
        tags = [_tag(item) for item in key]
        return tuple(tags) if isinstance(key, tuple) else frozenset(tags)
    return (type(key), id(key)) if remote_type(key) is not None else (type(key), key)


def _text(got: Any, want: str | bytes, tally: Tally, path: Path) -> None:
    if not isinstance(got, str if isinstance(want, str) else bytes):
        wrong_type(got, want, tally, path)
        return
    tally.value(Place(path, got, want), 0.0 if got == want else math.inf)
