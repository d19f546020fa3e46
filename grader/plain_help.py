"""What is behind a wrong text, or a wrong list of things that are no numbers."""

from __future__ import annotations

import unicodedata
from typing import Any

from llmex.grader.difference import compare_values
from llmex.grader.report import Sentence
from llmex.grader.tally import Rule

LONGEST = 100_000


def explain_text(got: str, want: str) -> Sentence | None:
    """What alone differs between two texts: white space, case, order, code points."""
    if max(len(got), len(want)) > LONGEST or min(len(got), len(want)) < 2:
        return None
    tests = (
        (want.rstrip("\n") == got, "only the new line at the end is missing"),
        (got.rstrip("\n") == want, "only the new line at the end is too much"),
        (want.strip() == got.strip(), "only the white space at the ends differs"),
        ("".join(got.split()) == "".join(want.split()), "only the white space differs"),
        (got.casefold() == want.casefold(), "only upper and lower case differ"),
        (_normal(got) == _normal(want), "the two look alike, but their code points differ"),
        (got[::-1] == want, "the characters are right, but in reverse order"),
    )
    return next((Sentence(text) for holds, text in tests if holds), None)


def _normal(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def explain_items(got: Any, want: Any, rule: Rule) -> Sentence | None:
    """How two lists of the same things differ: in length, in direction, in order."""
    if not isinstance(got, (list, tuple)) or not isinstance(want, (list, tuple)):
        return None
    if min(len(got), len(want)) < 2 or max(len(got), len(want)) > LONGEST:
        return None
    got, want = list(got), list(want)
    return _length(got, want, rule) if len(got) != len(want) else _order(got, want, rule)


def _same(got: list[Any], want: list[Any], rule: Rule) -> bool:
    return compare_values(got, want, rule).same


def _length(got: list[Any], want: list[Any], rule: Rule) -> Sentence | None:
    n = min(len(got), len(want))
    fields = {"n": n, "total": len(want), "more": len(got) - n}
    starts, ends = _same(got[:n], want[:n], rule), _same(got[-n:], want[-n:], rule)
    if len(got) < len(want):
        texts = (
            "the first {n} of {total} are right, then it stops",
            "the last {n} of {total} are right, the ones before are missing",
        )
    else:
        texts = (
            "the first {n} are right, then come {more} too many",
            "the last {n} are right, before them are {more} too many",
        )
    if not (starts or ends):
        return None
    return Sentence(texts[0] if starts else texts[1], fields)


def _order(got: list[Any], want: list[Any], rule: Rule) -> Sentence | None:
    if _same(got[::-1], want, rule):
        return Sentence("the items are right, but in reverse order")
    if len(want) > 1000:
        return None
    left = list(got)
    for wanted in want:
        match = next((i for i, item in enumerate(left) if _same([item], [wanted], rule)), None)
        if match is None:
            return None
        del left[match]
    return Sentence("the items are right, but in another order")
