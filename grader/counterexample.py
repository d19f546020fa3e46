"""A failed check as something to look at: the call as Python, what came back, what should have."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import Any

from llmex.grader.answers import walled
from llmex.grader.difference import compare_values
from llmex.grader.differentiate import LOST
from llmex.grader.literal import is_tensor, short
from llmex.grader.report import Counterexample, Sentence
from llmex.grader.script import LINES, Parameters, call_as_python
from llmex.grader.scrub import scrub
from llmex.grader.shape_help import NOTHING
from llmex.grader.tally import Rule
from llmex.grader.trace import Call, LearnerFault

__all__ = ["LINES", "build", "call_as_python"]

MISSING = object()
_SAME = Rule(rtol=0.0, atol=0.0, exact=True, strict=True)
_SEARCHED = 50  # calls back that a value is looked for
_PARTS = 16


def build(
    fault: LearnerFault | None,
    trace: Sequence[Call],
    module: str,
    printed: str = "",
    parameters: Parameters = MappingProxyType({}),
) -> Counterexample | None:
    """The counterexample of a check that `fault` ended; None where there is nothing to show.

    `fault` is None where the subject was stopped: then the last call is shown alone. `module` is
    the answer's name to import from ("attention.multi_head_attention"). `parameters` are the names
    that arguments have in the stub, by function ("softmax", "Linear.forward").
    """
    if fault is None and not trace:
        return None
    parts = getattr(fault, "counterexample_parts", None)
    if not isinstance(parts, Counterexample):
        parts = Counterexample(finding=None if fault is None else fault.finding)
    trace, found = _of_the_value(trace, getattr(fault, "value", MISSING))
    name = found if parts.where and not parts.name else ""
    code = call_as_python(trace, module, "out" if name else "", parameters)
    return dataclasses.replace(
        parts,
        code=code,
        name=name if name and code else scrub(parts.name, 60),
        want=scrub(parts.want, 300),
        got=scrub(parts.got, 300),
        where=scrub(parts.where, 60),
        finding=_harmless(parts.finding),
        why=_harmless(parts.why),
        help=_harmless(_help(parts.help, trace) or walled(fault)),
        lines=tuple(scrub(line, 200) for line in (fault.lines[-8:] if fault else ())),
        printed=scrub(printed, keep_newlines=True),
    )


def _of_the_value(trace: Sequence[Call], value: Any) -> tuple[Sequence[Call], str]:
    """The calls up to the last one that gave this value, and what of its result `out` it is.

    All calls, and "", where the suite made the value of something else: a gradient, a sum, an
    argument that was changed in place.
    """
    if value is MISSING or not trace:
        return trace, "out" if value is MISSING else ""
    telling = not isinstance(value, (bool, int, type(None)))  # many calls give a 3
    for back, call in enumerate(itertools.islice(reversed(trace), _SEARCHED if telling else 1)):
        result = None if call.error is not None else call.result
        if _alike(result, value):
            return trace[: len(trace) - back], "out"
        for step, part in _parts(result) if telling else ():
            if _alike(part, value):
                return trace[: len(trace) - back], f"out[{step}]"
    return trace, ""


def _parts(result: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(result, dict):
        return [(short(key, 20), part) for key, part in list(result.items())[:_PARTS]]
    parts = result if isinstance(result, (tuple, list)) else ()
    return [(str(n), part) for n, part in enumerate(parts[:_PARTS])]


def _alike(one: Any, other: Any) -> bool:
    return type(one) is type(other) and compare_values(one, other, _SAME).same


def _help(said: Sentence | None, trace: Sequence[Call]) -> Sentence | None:
    """A None that no call returned is no missing `return`: then it is a gradient that is not there.

    That is said where a tensor that requires grad went in, and nothing where none did.
    """
    if said is None or said.text != NOTHING or not trace or _holds_none(trace[-1].result):
        return said
    return Sentence(LOST) if any(map(_takes_gradients, trace)) else None


def _holds_none(value: Any) -> bool:
    parts = value if isinstance(value, (tuple, list)) else ()
    return value is None or any(part is None for part in parts)


def _takes_gradients(call: Call) -> bool:
    return any(_requires_grad(value) for value in (*call.args, *call.kwargs.values()))


def _requires_grad(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return any(map(_requires_grad, value))
    return is_tensor(value) and bool(value.requires_grad)


def _harmless(sentence: Sentence | None) -> Sentence | None:
    if sentence is None:
        return None
    fields = {k: scrub(v, 600) if isinstance(v, str) else v for k, v in sentence.fields.items()}
    return Sentence(sentence.text, fields)
