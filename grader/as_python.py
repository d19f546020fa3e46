"""A value as Python that can be pasted and gives the value back, digit for digit."""

from __future__ import annotations

import io
import itertools
import math
import sys
import tokenize
from collections.abc import Callable
from typing import Any

import numpy as np

from llmex.grader.difference import is_number
from llmex.grader.literal import array_of, is_tensor, remote_type, shape_text, short_line, type_word
from llmex.grader.scrub import scrub
from llmex.grader.tally import Array
from llmex.grader.trace import Mark

MOST = 24  # numbers, items or pieces that are written out
COLUMNS = 75  # a screen shows code five columns in
_TEXT = 60  # characters of a text in one line
_LONGEST_TEXT = 360


def as_python(value: Any, uses: set[str]) -> str | None:
    """An expression for `value`, or None where it would be too long to read.

    What it needs imported ("np", "torch") is added to `uses`.
    """
    return next(write(value, uses) for kinds, write in _WAYS if kinds(value))


def comment(value: Any) -> str:
    """What a value is that is too long to write out: "float32 of shape (3, 4, 5)"."""
    if isinstance(value, Mark):
        return scrub(value.text or value.kind, 60)
    if isinstance(value, np.ndarray) or is_tensor(value):
        array, dtype = array_of(value)
        return f"{dtype} of shape {shape_text(array.shape)}"
    if isinstance(value, (str, bytes)):
        return f"{type_word(value)} of {len(value)} characters"
    if isinstance(value, (list, tuple, set, frozenset, dict)):
        return f"{type_word(value)} of {len(value)}"
    return type_word(value)


def _number(value: Any, uses: set[str]) -> str | None:
    if isinstance(value, int) and value.bit_length() > 200:
        return None
    if isinstance(value, complex):
        return repr(value) if math.isfinite(value.real) and math.isfinite(value.imag) else None
    if isinstance(value, float) and not math.isfinite(value):
        return _odd(value, uses)
    return repr(value)


def _odd(value: float, uses: set[str]) -> str:
    if not uses:
        return f'float("{value}")'
    module = "np" if "np" in uses else "torch"
    sign = "-" if value < 0 else ""
    return f"{sign}{module}.{'nan' if math.isnan(value) else 'inf'}"


def _text(value: str | bytes) -> str | None:
    if len(value) > _LONGEST_TEXT:
        return None
    if len(repr(value)) <= _TEXT:
        return repr(value)
    size = _TEXT - 12
    pieces = [repr(value[i : i + size]) for i in range(0, len(value), size)]
    if any(len(piece) > COLUMNS - 6 for piece in pieces):
        return None
    return "(" + " ".join(pieces) + ")"


def _container(value: Any, uses: set[str]) -> str | None:
    if type(value) is list and len(value) > 4 and value == list(range(len(value))):
        return f"list(range({len(value)}))"
    if _pieces(value) > MOST:
        return None
    items = itertools.chain.from_iterable(value.items()) if isinstance(value, dict) else value
    parts = [as_python(item, uses) for item in items]
    written = [part for part in parts if part is not None]
    return _bracketed(value, written) if len(written) == len(parts) else None


def _bracketed(value: Any, parts: list[str]) -> str:
    inner = ", ".join(parts)
    if isinstance(value, dict):
        pairs = zip(parts[::2], parts[1::2], strict=True)
        return "{" + ", ".join(f"{key}: {item}" for key, item in pairs) + "}"
    if isinstance(value, (list, tuple)):
        comma = "," if len(parts) == 1 else ""
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{comma})"
    if not parts:
        return f"{type(value).__name__}()"
    return f"frozenset({{{inner}}})" if isinstance(value, frozenset) else f"{{{inner}}}"


def _pieces(value: Any, depth: int = 0) -> int:
    """How many things a nested value holds, counted no further than needed."""
    if not isinstance(value, (list, tuple, set, frozenset, dict)) or depth > 20:
        return 1
    items = itertools.chain.from_iterable(value.items()) if isinstance(value, dict) else value
    total = 0
    for item in items:
        total += _pieces(item, depth + 1)
        if total > MOST:
            break
    return total


def _other(value: Any, uses: set[str]) -> str | None:
    if value is None or value is ... or isinstance(value, (range, slice)):
        return repr(value) if len(repr(value)) <= _TEXT else None
    torch = sys.modules.get("torch")
    if isinstance(value, (np.dtype, np.random.Generator)):
        uses.add("np")
        is_type = isinstance(value, np.dtype)
        return f"np.dtype({str(value)!r})" if is_type else "np.random.default_rng()"
    if torch is not None and isinstance(value, (torch.dtype, torch.Generator)):
        uses.add("torch")
        return str(value) if isinstance(value, torch.dtype) else "torch.Generator()"
    return None


def _scalar(value: Any, uses: set[str]) -> str | None:
    if not isinstance(value, (np.bool_, np.number)):
        return _number(value, uses)
    uses.add("np")
    finite = isinstance(value, np.floating) and np.isfinite(value)
    return f"np.{type(value).__name__}({value if finite else _number(value.item(), uses)})"


def _array(value: Any, uses: set[str]) -> str | None:
    array, dtype = array_of(value)
    module = "torch" if is_tensor(value) else "np"
    # What each makes by itself of a list of such numbers, and of no numbers at all.
    usual = ["float32" if module == "torch" else "float64"]
    usual += ["int64", "bool"] if array.size else []
    needed = {module}
    odd = array.dtype.kind == "c" and not np.isfinite(array).all()
    if odd or array.dtype.kind not in "biufc":
        return None
    text = _filled(array, module) or _listed(array, module)
    if text is None:
        return None
    options = [] if dtype in usual else [f"dtype={_dtype(module, dtype)}"]
    if module == "torch" and value.requires_grad:
        options.append("requires_grad=True")
    uses |= needed
    call, reshape = text
    return call[:-1] + "".join(f", {option}" for option in options) + ")" + reshape


def _dtype(module: str, dtype: str) -> str:
    return f'np.dtype("{dtype}")' if module == "np" and dtype[0] in "<>|" else f"{module}.{dtype}"


def _filled(array: Array, module: str) -> tuple[str, str] | None:
    """zeros, ones, full and counting arrays, whatever their size; else None."""
    shape = shape_text(array.shape)
    if not array.size:
        return f"{module}.zeros({shape})", ""
    if array.size <= 4 or array.dtype.kind not in "iuf":
        return None
    first = array.flat[0]
    if not (array == first).all() or len(np.unique(np.signbit(array))) > 1:
        return None
    # zeros, ones and full of NumPy and torch make floats of the usual width.
    if array.dtype.kind == "f" and first in (0.0, 1.0) and not np.signbit(first):
        return f"{module}.{'ones' if first else 'zeros'}({shape})", ""
    number = _number(float(first) if array.dtype.kind == "f" else int(first), {module})
    return f"{module}.full({shape}, {number})", ""


def _listed(array: Array, module: str) -> tuple[str, str] | None:
    maker = "tensor" if module == "torch" else "array"
    if array.size <= MOST:
        return f"{module}.{maker}({_nested(array, module)})", ""
    counting = np.arange(array.size).reshape(array.shape)
    if array.dtype.kind not in "iuf" or not (array == counting).all():
        return None
    end = f"{array.size}.0" if array.dtype.kind == "f" else str(array.size)
    return f"{module}.arange({end})", f".reshape({shape_text(array.shape)[1:-1].rstrip(',')})"


def _nested(array: Array, module: str) -> str:
    if array.ndim:
        return "[" + ", ".join(_nested(row, module) for row in array) + "]"
    value = array[()]
    if array.dtype.kind == "f" and np.isfinite(value):
        return str(value)  # the shortest form that reads back as this width
    return str(_number(value.item(), {module}))


def wrap(line: str, limit: int = COLUMNS) -> list[str]:
    """A line of Python broken after commas, or between texts, within brackets."""
    if len(line) <= limit:
        return [line]
    lines: list[str] = []
    rest, indent = line, ""
    while len(indent) + len(rest) > limit:
        breaks = [b for b in _breaks(rest) if b <= limit - len(indent)]
        breaks = breaks or [b for b in _breaks(rest, "([{") if b <= limit - len(indent)]
        if not breaks:
            break
        rows = [b for b in breaks if rest[b - 2 : b] == "]," and b > limit // 3]
        at = (rows or breaks)[-1]
        lines.append(indent + rest[:at].rstrip())
        rest, indent = rest[at:].lstrip(), "    "
    return [*lines, indent + rest]


def _breaks(line: str, after: str = ",") -> list[int]:
    """Where a line within brackets may be broken; the rest of a broken line ends in an error."""
    places = []
    previous = None
    try:
        for token in tokenize.generate_tokens(io.StringIO(line).readline):
            if previous == token.type == tokenize.STRING:  # two texts
                places.append(token.start[1])
            if token.type == tokenize.OP and token.string in after:
                places.append(token.end[1])
            previous = token.type
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return [place for place in places if 0 < place < len(line)]


def elided(name: str, value: Any) -> str:
    """An assignment for a value that is too long: its name and what it is."""
    return short_line(f"{name} = ...  # {comment(value)}", COLUMNS)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or is_tensor(value)


_Way = tuple[Callable[[Any], bool], Callable[[Any, set[str]], str | None]]
_WAYS: tuple[_Way, ...] = (
    (lambda value: isinstance(value, Mark), lambda value, _: str(value.label)),
    (lambda value: remote_type(value) is not None, lambda *_: None),
    (_is_array, _array),
    (is_number, _scalar),
    (lambda value: isinstance(value, (str, bytes)), lambda value, _: _text(value)),
    (lambda value: isinstance(value, (list, tuple, set, frozenset, dict)), _container),
    (lambda _: True, _other),
)
