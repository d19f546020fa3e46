"""The operators and built-in functions that a handle passes on to the object it stands for."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

BINARY = (
    "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor "
    "iadd isub imul imatmul itruediv ifloordiv imod ipow iand ior ixor"
).split()
COMPARE = "eq ne lt le gt ge".split()
UNARY = "neg pos abs invert".split()
SIGNS = {
    "add": "+", "sub": "-", "mul": "*", "matmul": "@", "truediv": "/", "floordiv": "//",
    "mod": "%", "pow": "**", "and": "&", "or": "|", "xor": "^", "lshift": "<<", "rshift": ">>",
    "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
}  # fmt: skip


def _leave(manager: Any, message: str | None) -> Any:
    if message is None:
        return manager.__exit__(None, None, None)
    error = RuntimeError(message)
    return manager.__exit__(RuntimeError, error, None)


def next_of(iterator: Any) -> list[Any]:
    """One item in a list, or an empty list at the end: StopIteration does not cross."""
    try:
        return [next(iterator)]
    except StopIteration:
        return []


def _reach(value: Any, *path: Any) -> Any:
    for key in path:
        is_key = not isinstance(key, str) or (isinstance(value, dict) and key in value)
        value = value[key] if is_key else getattr(value, key)
    return value


OPERATORS: dict[str, Callable[..., Any]] = {
    **{name: getattr(operator, name + "_" * (name in ("and", "or"))) for name in BINARY},
    **{name: getattr(operator, name) for name in (*COMPARE, *UNARY)},
    "len": len,
    "bool": bool,
    "int": int,
    "float": float,
    "index": operator.index,
    "repr": lambda value: str.__str__(repr(value))[:2000],
    "contains": operator.contains,
    "getitem": operator.getitem,
    "setitem": operator.setitem,
    "delitem": operator.delitem,
    "delattr": delattr,
    "iter": iter,
    "reversed": reversed,
    "next": next_of,
    "enter": lambda manager: manager.__enter__(),
    "exit": _leave,
    "same": operator.is_,
    "reach": _reach,
    "dir": lambda value: [name for name in dir(value) if not name.startswith("_")],
}
