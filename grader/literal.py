"""A value as one short line of Python text, whatever the value is."""

from __future__ import annotations

import inspect
import math
import sys
from typing import Any

import numpy as np

from llmex.grader.scrub import scrub

LINE = 60  # columns of a value within a line of 80
SMALL = 12  # numbers that are shown whole
_DEPTH = 6
_PLAIN = frozenset({int, float, str, bool, bytes, complex, list, tuple, dict, set, np.ndarray})


def type_word(value: object) -> str:
    """The type of `value` as a learner calls it: list, Tensor, ndarray, None, generator."""
    remote = remote_type(value)
    if remote is not None:
        return scrub(remote, 60)
    return "None" if value is None else scrub(type(value).__name__, 60)


def remote_type(value: object) -> str | None:
    """The type's name of an object that stayed in the worker; None for a value."""
    if type(value) in _PLAIN:
        return None
    # Handles pass on every attribute but this one; a static look never asks the answer.
    name = inspect.getattr_static(value, "remote_type", None)
    if name is None:
        return None
    return name if isinstance(name, str) else str(getattr(value, "remote_type", "object"))


def is_tensor(value: object) -> bool:
    """Whether `value` is a torch tensor; never imports torch."""
    torch = sys.modules.get("torch")
    return torch is not None and isinstance(value, torch.Tensor)


def array_of(value: Any) -> tuple[np.ndarray[Any, Any], str]:
    """The values of an array, a NumPy scalar or a tensor (detached), and the dtype's name.

    NumPy has no bfloat16 and no 8-bit floats: their values come as float32.
    """
    if not is_tensor(value):
        array = np.asarray(value)
        return array, str(array.dtype)
    torch = sys.modules["torch"]
    word = str(value.dtype).removeprefix("torch.")
    tensor = value.detach().cpu().resolve_conj().resolve_neg()
    if tensor.layout != torch.strided:
        tensor = tensor.to_dense()
    if tensor.dtype == torch.bfloat16 or word.startswith("float8"):
        tensor = tensor.to(torch.float32)
    return tensor.numpy(), word


def number_text(value: Any, digits: int | None = None) -> str:
    """A number as short text; `digits` significant ones, or as many as it takes to read it back."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (complex, np.complexfloating)):
        real, imag = number_text(value.real, digits), number_text(value.imag, digits)
        return f"{real}{'' if imag[0] in '-+' else '+'}{imag}j"
    if isinstance(value, (int, np.integer)):
        return _integer_text(int(value))
    if digits is None or not math.isfinite(value):
        return str(value)  # NumPy's scalars print their own shortest form
    return _rounded(float(value), digits)


def _integer_text(value: int) -> str:
    if value.bit_length() > 200:
        return f"{'-' if value < 0 else ''}… (an integer of {value.bit_length()} bits)"
    return str(value)


def _rounded(value: float, digits: int) -> str:
    text = f"{value:.{digits}g}"
    if digits >= 16 or ("e" in text and abs(value) >= 1e7):
        return text if digits < 16 else repr(value)
    return text if any(c in text for c in ".en") else text + ".0"


def short(value: object, limit: int = LINE, digits: int | None = 4) -> str:
    """Any value in one line of at most `limit` columns; large ones by type, shape and dtype."""
    return short_line(scrub(_text(value, digits, 0), 4 * limit), limit)


def _text(value: Any, digits: int | None, depth: int) -> str:
    if remote_type(value) is not None:
        return f"<{type_word(value)} object>"
    if isinstance(value, (str, bytes)):
        return repr(value[:400])
    if isinstance(value, (bool, int, float, complex, np.generic)):
        return _scalar_text(value, digits)
    if isinstance(value, np.ndarray) or is_tensor(value):
        return _array_text(value, digits)
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        return _container_text(value, digits, depth)
    return repr(value)[:400] if _repr_is_ours(value) else f"<{type_word(value)} object>"


def _repr_is_ours(value: object) -> bool:
    torch = sys.modules.get("torch")
    ours = (type(None), slice, range, np.dtype, type, type(...))
    return isinstance(value, ours) or (torch is not None and isinstance(value, torch.dtype))


def _scalar_text(value: Any, digits: int | None) -> str:
    if isinstance(value, (bool, int, float, complex, np.number, np.bool_)):
        return number_text(value, digits)
    return repr(value.item())[:400]


def _array_text(value: Any, digits: int | None) -> str:
    array, dtype = array_of(value)
    if array.size <= SMALL and max(array.shape, default=0) <= SMALL and array.dtype.kind in "biufc":
        return _nested_text(array, digits)
    return f"{type_word(value)} of shape {shape_text(array.shape)}, {dtype}"


def _nested_text(array: np.ndarray[Any, Any], digits: int | None) -> str:
    if array.ndim == 0:
        return number_text(array[()], digits)
    return "[" + ", ".join(_nested_text(row, digits) for row in array) + "]"


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as Python writes it, without the names of integer types."""
    return str(tuple(int(n) for n in shape))


def _container_text(value: Any, digits: int | None, depth: int) -> str:
    left, right = _BRACKETS[next(kind for kind in _BRACKETS if isinstance(value, kind))]
    if depth >= _DEPTH:
        return f"{left}…{right}"
    shown = list(value.items() if isinstance(value, dict) else value)[: 2 * SMALL]
    if isinstance(value, dict):
        parts = [f"{_text(k, digits, depth + 1)}: {_text(v, digits, depth + 1)}" for k, v in shown]
    else:
        parts = [_text(item, digits, depth + 1) for item in shown]
    parts += ["…"] if len(value) > len(shown) else []
    comma = "," if isinstance(value, tuple) and len(value) == 1 else ""
    return left + ", ".join(parts) + comma + right


_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    dict: ("{", "}"),
    set: ("{", "}"),
    frozenset: ("{", "}"),
}


def short_pair(got: object, want: object, limit: int = LINE) -> tuple[str, str]:
    """`got` and `want` in one line each, with just enough digits to see that they differ."""
    for digits in (4, 6, 9, None):
        texts = short(got, limit, digits), short(want, limit, digits)
        if texts[0] != texts[1]:
            break
    return texts


def text_pair(got: str | bytes, want: str | bytes, around: int = LINE - 12) -> tuple[str, str, int]:
    """Both texts cut to the surroundings of their first difference, and its position."""
    shorter = min(len(got), len(want))
    at = next((i for i in range(shorter) if got[i] != want[i]), shorter)
    start = max(0, at - around // 3)
    return _excerpt(got, start, around), _excerpt(want, start, around), at


def _excerpt(text: str | bytes, start: int, length: int) -> str:
    shown = repr(text[start : start + length])
    before = "…" if start else ""
    after = "…" if start + length < len(text) else ""
    return short_line(before + scrub(shown, 4 * LINE) + after)


def short_line(text: str, limit: int = LINE) -> str:
    """`text` cut to `limit` columns."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
