"""The one comparator: every judgement on a learner's value is made here, and kept as evidence.

NumPy's and torch's own let NaN stand for a wrong NaN, broadcast a scalar and ignore the dtype;
these do not. Type, shape and dtype come first, then every value.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from llmex.grader.answers import AnswerUnwritten
from llmex.grader.difference import (
    WRONG_TYPE,
    compare_values,
    is_number,
    plain_number,
    wrong_type,
)
from llmex.grader.evidence import Evidence, note_fault, record, recording, same_evidence
from llmex.grader.failure import CheckFailed, fail, fail_type, failure, promise, reason
from llmex.grader.literal import array_of, is_tensor, remote_type, shape_text, short, type_word
from llmex.grader.report import Counterexample, Sentence
from llmex.grader.tally import Rule, Tally
from llmex.grader.trace import LearnerFault

__all__ = [
    "CheckFailed",
    "Evidence",
    "assert_close",
    "assert_equal",
    "assert_holds",
    "assert_number",
    "assert_raises",
    "assert_shape",
    "note_fault",
    "recording",
    "same_evidence",
    "unpack",
]


def assert_close(
    got: Any,
    want: Any,
    *,
    rtol: float | None = None,
    atol: float | None = None,
    name: str = "",
    why: str = "",
    finite: bool = True,
    dtype: bool = True,
    **fields: Any,
) -> None:
    """Check numbers: a number, an array, a tensor, or a list, tuple or dict of them.

    |got - want| <= atol + rtol * |want|, by default for the dtype of `want` (float64 1e-9,
    float32 1e-5, 16 bits 1e-2, relative and absolute). With `dtype=False` numbers of any width
    will do. With `finite=False` the wanted values may be NaN or infinite: NaN equals NaN,
    an infinity the same infinity. `why` says what the first wrong place means.

    Raises CheckFailed; ValueError if the wanted values are not finite, which is the suite's fault.
    """
    if finite and not _finite(want):
        raise ValueError("The suite wants a value that is not finite without finite=False.")
    _judge("close", got, want, Rule(rtol, atol, dtype=dtype), (name, why, fields))


def assert_equal(
    got: Any, want: Any, *, name: str = "", why: str = "", dtype: bool = True, **fields: Any
) -> None:
    """Check exactly: ints, texts, bytes, None, lists, tuples, dicts, sets, arrays.

    A bool is not an int; a tuple may stand for a list, a list not for a tuple.
    """
    _judge("equal", got, want, Rule(dtype=dtype, exact=True), (name, why, fields))


def assert_raises(
    errors: type[BaseException] | tuple[type[BaseException], ...],
    call: Callable[..., Any],
    *args: Any,
    **kwargs: Any,
) -> None:
    """Check that the answer's function raises one of `errors` or a subclass.

    A NotImplementedError of an unwritten stub counts only where that error is asked for.
    """
    classes = errors if isinstance(errors, tuple) else (errors,)
    want = " or ".join(kind.__name__ for kind in classes)
    try:
        value = call(*args, **kwargs)
    except LearnerFault as raised:
        name = getattr(raised, "name", "")
        unwritten = isinstance(raised, AnswerUnwritten) and NotImplementedError not in classes
        if not name or unwritten:
            raise  # something else than an exception of the answer
        good = bool({kind.__name__ for kind in classes} & {name, *getattr(raised, "bases", ())})
        _note("raises", name, want, good)
        if not good:
            fail("{got} is raised, it should be {want}", got=name, want=want)
        return
    _note("raises", _told(value), want, False)
    fail("nothing is raised, it should be {want}", got=short(value), want=want)


def _told(value: Any) -> Any:
    """What came back in the place of an error: of an object that stayed away, its type."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(_told, value))
    return value if remote_type(value) is None else ("an object", type_word(value))


def assert_holds(condition: Any, *, got: Any, why: str, name: str = "", **fields: Any) -> None:
    """Check a promise that the suite computed from values that it already looked at.

    `got` is the learner's value, kept as evidence; `why` says what does not hold.
    """
    passed = bool(condition)
    _note("holds", got, None, passed, name)
    if not passed:
        text = short(got)
        said = reason(why, {"name": name, "got": text} | fields)
        finding = None if said else Sentence("the value is wrong")
        raise CheckFailed(Counterexample(name=name, got=text, finding=finding, why=said), got)
    promise(why, fields, place=False)


def unpack(got: Any, n: int, name: str = "") -> tuple[Any, ...]:
    """The `n` parts of a result that must be a tuple (or a list) of `n` things."""
    fits = isinstance(got, (tuple, list)) and len(got) == n
    _note("parts", n if fits else got, n, fits, name)
    if not isinstance(got, (tuple, list)):
        text = "the type is {type}, it should be a tuple of {n} parts"
        fail_type(text, got, name, type=type_word(got), n=n)
    if not fits:
        fail("the result has {parts} parts, it should have {n}", got, name, parts=len(got), n=n)
    return tuple(got)


def assert_shape(got: Any, shape: tuple[int, ...], *, dtype: Any = None, name: str = "") -> None:
    """Check that `got` is an array or a tensor of that shape, so that one may compute with it.

    A `dtype` of torch promises a tensor, one of NumPy an array, a name like "float32" either.
    """
    torch = sys.modules.get("torch")
    tally = Tally()
    want_tensor = torch is not None and isinstance(dtype, torch.dtype)
    word = str(dtype).removeprefix("torch.") if want_tensor else _dtype_word(dtype)
    either = dtype is None or isinstance(dtype, str)
    fits = is_tensor(got) if want_tensor else isinstance(got, np.ndarray)
    if not (fits or (either and is_tensor(got))):
        promised = "Tensor" if want_tensor or (either and torch is not None) else "ndarray"
        wrong_type(got, None, tally, (), promised)
    else:
        array, got_word = array_of(got)
        texts = {"got": shape_text(array.shape), "want": shape_text(tuple(shape))}
        if tuple(array.shape) != tuple(shape):
            text = "the shape is {got}, it should be {want}"
            tally.structure((), got, None, text, **texts)
        elif word and got_word != word:
            text = "the dtype is {got}, it should be {want}"
            tally.structure((), got, None, text, got=got_word, want=word)
    _note("shape", got, None, tally.same, name)
    if tally.broken is not None:
        fail_type(tally.broken.text, got, name, **tally.broken.fields)


def _dtype_word(dtype: Any) -> str:
    if dtype is None or isinstance(dtype, str):
        return dtype or ""
    return str(np.dtype(dtype))


def assert_number(got: Any, name: str = "", *, finite: bool = True) -> float:
    """The learner's number as a float: a Python number, a NumPy scalar, a 0-d array or tensor.

    A bool and a complex number are none; NaN and the infinities only with `finite=False`.
    """
    number = plain_number(got)
    if not isinstance(number, (int, float)) or isinstance(number, bool):
        _note("number", got, None, False, name)
        fail_type(WRONG_TYPE, got, name, got=type_word(got), want="float")
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    passed = not finite or math.isfinite(value)
    _note("number", got, None, passed, name)
    if not passed and math.isnan(value):
        fail("the value is NaN where a number is expected", got, name)
    if not passed:
        fail("the value is infinite where a finite number is expected", got, name)
    return value


def _judge(
    kind: str, got: Any, want: Any, rule: Rule, said: tuple[str, str, dict[str, Any]]
) -> None:
    if not isinstance(rule.dtype, bool):
        raise TypeError("dtype= says True or False; a field of `why` needs another name")
    tally = compare_values(got, want, rule)
    rtol, atol = rule.rtol, rule.atol
    if rule.exact:
        rtol = atol = 0.0
    elif is_number(want) or isinstance(want, np.ndarray) or is_tensor(want):
        rtol, atol = rule.tolerances(str(getattr(want, "dtype", "")).removeprefix("torch."))
    record(Evidence(kind, said[0], got, want, rtol, atol, tally.same, tally.margin))
    if not tally.same:
        raise failure(got, want, rule, tally, said)
    promise(said[1], said[2])


def _finite(want: Any) -> bool:
    if isinstance(want, dict):
        return all(map(_finite, want.values()))
    if isinstance(want, (list, tuple)):
        return all(map(_finite, want))
    if is_number(want) or isinstance(want, np.ndarray) or is_tensor(want):
        array, _ = array_of(want)
        return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())
    return True


def _note(kind: str, got: Any, want: Any, passed: bool, name: str = "") -> None:
    record(Evidence(kind, name, got, want, None, None, passed, 0.0 if passed else math.inf))
