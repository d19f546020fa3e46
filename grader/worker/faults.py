"""What an answer raised, in plain words: its name, its bases, the learner's own lines."""

from __future__ import annotations

import builtins
import contextlib
import difflib
import dis
import inspect
import linecache
import traceback
import types
from collections.abc import Iterable, Iterator
from typing import Any

_MESSAGE = 2000
_LINES = 6
_DEEP = 3
_OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "std::bad_alloc")


def ran_out_of_memory(error: BaseException) -> bool:
    """Whether the system, NumPy or torch had no memory to give."""
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(w in text_of(error) for w in _OUT_OF_MEMORY)


def describe(error: BaseException, files: Iterable[str]) -> list[Any]:
    """`[name, builtin bases, message, lines]` of an exception; its own methods may be hostile."""
    kind = type(error)
    bases = [
        base.__name__ for base in kind.__mro__ if getattr(builtins, base.__name__, None) is base
    ]
    return [str(kind.__name__)[:100], bases, text_of(error), lines_of(error, set(files))]


def described(error: BaseException, files: Iterable[str]) -> list[Any]:
    """The same where looking at the exception raises another: then its class alone."""
    try:
        return describe(error, files)
    except BaseException:  # its own attributes may be anything
        return [str(type.__dict__["__name__"].__get__(type(error)))[:100], [], "", []]


def is_unwritten(error: BaseException, files: set[str]) -> bool:
    """Whether a `raise NotImplementedError` of the answer's own ended the call.

    torch and Python raise that error too, with no line of theirs in the traceback where they are
    written in C; so the answer's line must be one that raises.
    """
    steps = list(_steps(error)) if type(error) is NotImplementedError else []
    if not steps or steps[-1].tb_frame.f_code.co_filename not in files:
        return False
    code, at = steps[-1].tb_frame.f_code.co_code, steps[-1].tb_lasti
    return 0 <= at < len(code) and dis.opname[code[at]] == "RAISE_VARARGS"


def _steps(error: BaseException) -> Iterator[types.TracebackType]:
    step = error.__traceback__
    while step is not None:
        yield step
        step = step.tb_next


def text_of(error: BaseException) -> str:
    """An exception's message, whatever its `__str__` does."""
    try:
        text = error.msg if isinstance(error, SyntaxError) else str(error)
        return str.__str__(text)[:_MESSAGE]
    except BaseException:  # the learner's own __str__ may raise anything
        return ""


def lines_of(error: BaseException, files: set[str]) -> list[str]:
    """The learner's own lines of a traceback, innermost last, at most six."""
    lines = []
    for frame, number in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if file in files:
            lines.append(f"{file}:{number}: {linecache.getline(file, number).strip()[:200]}")
    if isinstance(error, SyntaxError) and error.filename in files:
        text = (error.text or "").rstrip()[:200]
        lines.append(f"{error.filename}:{error.lineno}:{error.offset}: {text}")
    return lines if len(lines) <= _LINES else [*lines[:2], *lines[2 - _LINES :]]


def unbound(error: TypeError, function: Any, args: list[Any], kwargs: dict[str, Any]) -> str | None:
    """The signature that a call does not fit; None if the TypeError came from inside.

    The traceback of a call that did not bind has no frame below the host's own.
    """
    if error.__traceback__ is not None and error.__traceback__.tb_next is not None:
        last = list(traceback.walk_tb(error.__traceback__))[-1][0]
        if last.f_globals.get("__name__", "").split(".")[0] not in ("llmex", "torch"):
            return None
    try:
        found = inspect.signature(function)
    except Exception:  # there is none, or a hostile one
        return None
    try:
        found.bind(*args, **kwargs)
    except TypeError:
        with contextlib.suppress(Exception):  # a default value may not be shown
            return str(found)[:300]
    return None


def parameter_names(function: Any, args: list[Any], kwargs: dict[str, Any]) -> dict[int, str]:
    """For each argument object (by id) the parameter that it was given for."""
    given: list[tuple[str, Any]] = []
    try:
        bound = inspect.signature(function).bind(*args, **kwargs)
    except Exception:
        given += kwargs.items()
    else:
        for name, value in bound.arguments.items():
            kind = bound.signature.parameters[name].kind
            if kind is inspect.Parameter.VAR_POSITIONAL:
                given += [(f"{name}[{i}]", item) for i, item in enumerate(value)]
            elif kind is inspect.Parameter.VAR_KEYWORD:
                given += value.items()
            else:
                given.append((name, value))
    return dict(pair for name, value in given for pair in _places(name, value, 0))


def _places(name: str, value: Any, depth: int) -> Iterator[tuple[int, str]]:
    """An argument and what lies in it, each by the expression that reaches it."""
    yield id(value), name
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = dict.items(value)
    elif isinstance(value, (list, tuple)):
        items = enumerate(value)
    for key, item in items if depth < _DEEP else ():
        if not isinstance(item, (str, int, float)):
            yield from _places(f"{name}[{key!r}]", item, depth + 1)


def near(name: str, module: Any) -> list[str]:
    """The names that a module defines itself, those nearest to `name` first."""
    own = [
        key for key, value in vars(module).items()
        if not key.startswith("_") and not inspect.ismodule(value)
        and getattr(value, "__module__", module.__name__) == module.__name__
    ]  # fmt: skip
    return nearest(name, own)


def nearest(name: str, names: list[str]) -> list[str]:
    """At most eight of `names`, those nearest to `name` first."""
    close = difflib.get_close_matches(name, names, n=3, cutoff=0.5)
    return (close + [key for key in names if key not in close])[:8]
