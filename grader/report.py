"""What a check has to say, as frozen records of plain data: verdict, counterexample, diagnosis."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

CheckOutcome = Literal["passed", "failed", "not-written", "stopped", "not-run", "error"]
Outcome = Literal[
    "passed", "failed", "delegated", "borrowed", "unfinished",
    "not-started", "stopped", "grader-error",
]  # fmt: skip
"""`delegated`: right, but it leaves the work to a library. `borrowed`: right, but it rests on what
is not the learner's own. `unfinished`: right as far as it was judged. None of them is a pass."""
SCHEMA = 1
CODE_LINES = 18  # of a counterexample; with what is wanted, what came and why that makes 25 at most

R = TypeVar("R")


@dataclass(frozen=True)
class Sentence:
    """An English template and what fills it; other languages look the template up."""

    text: str
    fields: Mapping[str, str | int | float] = field(default_factory=dict)

    def english(self) -> str:
        """The sentence in English."""
        return fill(self.text, self.fields)


def fill(template: str, fields: Mapping[str, str | int | float]) -> str:
    """Put `fields` into `{name}` places; a place without a field stays as it is."""
    for name, value in fields.items():
        template = template.replace("{" + name + "}", str(value))
    return template


@dataclass(frozen=True)
class Counterexample:
    """One call that shows what is wrong: the code, what it should give and what came back.

    `calls` are all calls of the check, a line each, where they were asked for.
    """

    code: tuple[str, ...] = ()
    name: str = ""
    want: str = ""
    got: str = ""
    where: str = ""
    finding: Sentence | None = None
    why: Sentence | None = None
    help: Sentence | None = None
    lines: tuple[str, ...] = ()
    printed: str = ""
    calls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Check:
    """One hidden test's outcome; `title` is the test's docstring."""

    name: str
    title: str
    outcome: CheckOutcome
    counterexample: Counterexample | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Run:
    """One training in a check: how its loss fell, what it wrote, and what was measured at the end.

    `losses` are (step, loss): the first, then means of stretches, at most 400 points. `reached` of
    `steps` updates were made in `seconds`. `value` is the loss that the suite measured, None where
    it did not come to that; it should lie within `gate`. `samples` are (steps made, text).
    """

    check: str
    unit: str
    steps: int
    reached: int = 0
    losses: tuple[tuple[float, ...], ...] = ()
    baselines: Mapping[str, float] = field(default_factory=dict)
    samples: tuple[tuple[int | str, ...], ...] = ()
    value: float | None = None
    gate: tuple[float, ...] | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Verdict:
    """The outcome of a suite for one subject."""

    outcome: Outcome
    checks: tuple[Check, ...] = ()
    stop: Sentence | None = None
    problem: Sentence | None = None
    lines: tuple[str, ...] = ()
    output: str = ""
    output_lost: int = 0
    delegated_to: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(check.outcome == "passed" for check in self.checks)


@dataclass(frozen=True)
class Diagnosis:
    """The known mistake whose evidence is the learner's, on `calls` failing checks."""

    mistake: str
    says: str
    calls: int


@dataclass(frozen=True)
class Report:
    """All that is shown of one check of one answer.

    `yours` and `provided` are the earlier answers that it imports, the learner's own and the
    public stand-ins; `blamed` are those of `yours` at whose door a failure lies, `cleared` those
    that were suspected without reason. `missing` are the prerequisites that are not the learner's
    own with a current pass, where the exercise counts only with them; `left_out` the long checks
    that were not asked for. `tier` is the protection that the answer's process was seen to have,
    `lacks` names what was not seen to hold.
    """

    exercise: str
    version: int
    verdict: Verdict
    diagnosis: Diagnosis | None = None
    yours: tuple[str, ...] = ()
    provided: tuple[str, ...] = ()
    blamed: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    tier: str = "T0"
    lacks: tuple[str, ...] = ()
    seconds: float = 0.0
    schema: int = SCHEMA


def to_plain(record: Any) -> Any:
    """A record as dicts, lists, strings and numbers, for JSON or the wire."""
    if dataclasses.is_dataclass(record):
        return {f.name: to_plain(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if isinstance(record, Mapping):
        return {str(key): to_plain(value) for key, value in record.items()}
    if isinstance(record, (list, tuple)):
        return [to_plain(value) for value in record]
    return record


def from_plain(kind: type[R], plain: Mapping[str, Any]) -> R:
    """The record of class `kind` that `to_plain` made `plain` from."""
    hints = typing.get_type_hints(kind)
    known = {f.name for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    return kind(**{k: _revive(hints[k], v) for k, v in plain.items() if k in known})


def _revive(hint: Any, value: Any) -> Any:
    if isinstance(hint, types.UnionType):
        options = [h for h in typing.get_args(hint) if h is not type(None)]
        return None if value is None else _revive(options[0], value)
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, value)
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(_revive(inner, item) for item in value)
    return value
