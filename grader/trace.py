"""What a learner's call was and how it ended, kept so that a failed check can show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from llmex.grader.report import Sentence

MarkKind = Literal["handle", "placed", "callback", "iterator", "large"]


class LearnerFault(Exception):
    """A check fails by what the learner's code did; `finding` says what, `lines` say where.

    `lines` are the learner's own traceback lines, innermost last, each `file:line: source`.
    """

    def __init__(self, finding: Sentence, lines: tuple[str, ...] = ()) -> None:
        self.finding = finding
        self.lines = lines
        super().__init__(finding.english())


@dataclass(frozen=True)
class Mark:
    """What stands in a trace for a thing that does not cross by value.

    `label` is a Python name to show ("m", "p2", "on_event"), or with an `owner` the way from it
    ("m.layers", "o.groups[0]"); `made_by` is the call that returned a handle; `value` is what a
    placed tensor held when it was placed; `text` says what a large array is ("float32 array of
    shape (1400, 128)"), of which type a handle is, or that what was placed is a "parameter".
    """

    label: str
    kind: MarkKind = "handle"
    made_by: Call | None = None
    value: Any = None
    text: str = ""
    owner: Mark | None = None


@dataclass(frozen=True)
class Call:
    """One call of a check: what was called, with what, and what came back.

    Arguments and result are decoded from the bytes that crossed, each time they are asked for, so
    nothing that a suite does later to its arrays can change them. `on` is the handle whose method
    (or which itself) was called. `target` is "softmax", "stage.make_model", "m", "m.forward",
    "m.load" for `learner.load`, or "m.+" for an operator.
    """

    target: str
    sent: Callable[[], tuple[tuple[Any, ...], dict[str, Any]]]
    received: Callable[[], Any] | None = None
    error: Exception | None = None
    on: Mark | None = None
    warned: tuple[tuple[str, str], ...] = ()
    printed: str = ""

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments given by position, as they were when the call was made."""
        return self.sent()[0]

    @property
    def kwargs(self) -> dict[str, Any]:
        """The arguments given by name, as they were when the call was made."""
        return self.sent()[1]

    @property
    def result(self) -> Any:
        """What the call returned; None where it raised or where the value was too large to keep."""
        return None if self.received is None else self.received()


def call_of(
    target: str, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None, **ended: Any
) -> Call:
    """A record made from plain values: `result=`, `error=`, `on=` say how it ended."""
    given = dict(kwargs or {})
    result = ended.pop("result", None)
    return Call(target, lambda: (args, given), lambda: result, **ended)
