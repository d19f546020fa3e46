"""A check as a list of calls: each in one line, with what came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from llmex.grader.literal import short
from llmex.grader.scrub import scrub
from llmex.grader.trace import Call, Mark

LONGEST = 60  # calls; of a longer trace the first and the last are shown
_ARGUMENT, _RESULT, _LINE = 36, 40, 120


def transcript(trace: Sequence[Call]) -> tuple[str, ...]:
    """The calls of a check in order, `softmax([[0.0, 1.0]], dim=0) -> [[1.0, 1.0]]`.

    Of a long trace the middle is left out and counted.
    """
    if len(trace) <= LONGEST:
        return tuple(map(_line, trace))
    half = LONGEST // 2
    left = f"... {len(trace) - 2 * half} calls ..."
    return (*map(_line, trace[:half]), left, *map(_line, trace[-half:]))


def _line(call: Call) -> str:
    given = ", ".join(_arguments(call))
    return scrub(f"{call.target}({given}) -> {_ending(call)}", _LINE * 2)


def _arguments(call: Call) -> Iterable[str]:
    yield from (_text(value, _ARGUMENT) for value in call.args)
    yield from (f"{name}={_text(value, _ARGUMENT)}" for name, value in call.kwargs.items())


def _ending(call: Call) -> str:
    if call.error is not None:
        name = getattr(call.error, "name", type(call.error).__name__)
        return f"{name}: {getattr(call.error, 'message', call.error)}"[:_LINE]
    return _text(call.result, _RESULT)


def _text(value: Any, limit: int) -> str:
    return value.label if isinstance(value, Mark) else short(value, limit)
