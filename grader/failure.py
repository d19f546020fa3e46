"""What a failed comparison says: the finding, the first wrong place, got and wanted in one line."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from llmex.grader.difference import plain_number
from llmex.grader.literal import short, short_pair, text_pair
from llmex.grader.report import Counterexample, Sentence
from llmex.grader.scrub import scrub
from llmex.grader.shape_help import explain_difference, explain_pair
from llmex.grader.tally import Place, Rule, Tally
from llmex.grader.trace import LearnerFault


class CheckFailed(LearnerFault, AssertionError):
    """A learner's value is not what the check promises.

    `counterexample_parts` says what and where, without the call; `value` is the learner's.
    """

    def __init__(self, parts: Counterexample, value: Any) -> None:
        self.counterexample_parts = parts
        self.value = value
        super().__init__(parts.finding or parts.why or Sentence("the value is wrong"))


def failure(
    got: Any, want: Any, rule: Rule, tally: Tally, said: tuple[str, str, dict[str, Any]]
) -> CheckFailed:
    """The failure of a comparison; `said` is the check's name, its `why` and the fields of it."""
    name, why, fields = said
    finding = tally.finding()
    place = (tally.broken is None and tally.first_odd) or tally.first
    assert place is not None
    texts, where = short_pair(place.got, place.want), where_text(place)
    if isinstance(place.got, (str, bytes)) and type(place.got) is type(place.want):
        *pair, at = text_pair(place.got, place.want)
        texts, where = (pair[0], pair[1]), f"{where}[{at}]"
        finding = _text_finding(got, want, at) if got is place.got else finding
    sentence = None
    if why and tally.broken is None:
        auto = {"name": name, "where": where, "got": texts[0], "want": texts[1]} | _indices(place)
        sentence = reason(why, auto | fields)
    parts = Counterexample(
        name=name, got=texts[0], want=texts[1], where=where, finding=finding, why=sentence,
        help=explain_difference(got, want, rule, tally),
    )  # fmt: skip
    return CheckFailed(parts, got)


def _text_finding(got: str | bytes, want: str | bytes, at: int) -> Sentence:
    lengths = {"got": len(got), "want": len(want), "at": at}
    if at == len(got):
        return Sentence("it stops after {got} of {want} characters", lengths)
    if at == len(want):
        return Sentence("it goes on after the {want} characters that it should have", lengths)
    return Sentence("it is wrong from character {at} on", lengths)


def where_text(place: Place) -> str:
    """A place as Python writes it: "[0, 2]" in an array, "['b'][1]" in a dict of lists."""
    keys = [", ".join(map(str, key)) if _is_index(key) else short(key, 30) for key in place.path]
    return "".join(f"[{key}]" for key in keys)


def _is_index(key: Any) -> bool:
    return isinstance(key, tuple) and bool(key) and all(type(i) is int for i in key)


def _indices(place: Place) -> dict[str, Any]:
    flat: list[Any] = []
    for key in place.path:
        flat.extend(key if _is_index(key) else [key])
    return {f"i{k}": key for k, key in enumerate(flat)}


_FIELD = re.compile(r"\{([A-Za-z_]\w*)\}")
_INDEX = re.compile(r"i\d+")


def promise(why: str, given: Iterable[str], *, place: bool = True) -> None:
    """ValueError where a `why` names a field that nothing fills, so that an author hears of it.

    Called where a comparison holds, as it does for every right answer. `place` is False where no
    first wrong place is known, nor what it should hold.
    """
    auto = {"name", "got", "where", "want"} if place else {"name", "got"}
    for field in _fields_of(why):
        if field not in auto and field not in given and not (place and _INDEX.fullmatch(field)):
            raise ValueError(f"nothing fills {{{field}}} in this why: {why[:80]!r}")


def reason(why: str, fields: dict[str, Any]) -> Sentence | None:
    """The `why` of a check, filled; None rather than a sentence with a hole in it."""
    plain = plain_fields(fields)
    return Sentence(why, plain) if plain.keys() >= _fields_of(why) else None


@functools.lru_cache(maxsize=256)
def _fields_of(why: str) -> frozenset[str]:
    return frozenset(_FIELD.findall(why))


def plain_fields(fields: dict[str, Any]) -> dict[str, str | int | float]:
    """Fields for a sentence: numbers stay numbers, all else becomes harmless text."""
    return {name: _field(value) for name, value in fields.items()}


def _field(value: Any) -> str | int | float:
    if isinstance(value, str):
        return scrub(value, 200)
    number = plain_number(value)
    if isinstance(number, int) and not isinstance(number, bool) and number.bit_length() < 64:
        return number
    if isinstance(number, float):
        return float(f"{number:.6g}")
    return short(value)


def fail(
    text: str, value: Any = None, name: str = "", help: Sentence | None = None, **fields: Any
) -> NoReturn:
    """Raise CheckFailed with a finding that needs no place; `fields` may hold got and want."""
    plain = plain_fields(fields)
    got = str(plain["got"]) if "got" in plain else short(value)
    finding = Sentence(text, plain)
    want = str(plain.get("want", ""))
    parts = Counterexample(name=name, got=got, want=want, finding=finding, help=help)
    raise CheckFailed(parts, value)


def fail_type(text: str, value: Any, name: str, **fields: Any) -> NoReturn:
    """Raise CheckFailed for a value of a wrong type, with what its type gives away."""
    fail(text, value, name, explain_pair(value, None, Rule()), **fields)
