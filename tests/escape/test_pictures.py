"""Pictures of hostile code: whatever an answer makes of its panels, they are drawn or refused."""

from __future__ import annotations

import itertools
import json
import random
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest

from llmex.cli.panels_svg import svg
from llmex.cli.screens import panels as screen
from llmex.cli.session import rendered
from llmex.cli.words import Words
from llmex.grader.panel import MOST_ROWS, Picture, Undrawable, panels
from llmex.grader.report import to_plain

TITLE = {"en": "A title"}
NUMBERS = (0.0, -0.0, 1.0, -5.0, 1e308, -1e308, 5e-324, -5e-324, 1e17, 1e15, -1e15, 10**400)
ODD = (*NUMBERS, float("nan"), float("inf"))
ESCAPES = "\x1b]0;owned\x07\u202e</text>\ufffe\x00]]>&#27;"


class Asked:
    """What an object of an answer's is in the judge: its comparisons are its own."""

    asked = 0

    def __eq__(self, other: object) -> Any:
        Asked.asked += 1
        return self

    __hash__ = object.__hash__


def drawn(value: Any) -> str:
    """A picture in every form, all of which a terminal, a parser of XML and of JSON may read."""
    made = panels(value)
    texts = [svg(made, "en"), svg(made, "zh"), json.dumps(to_plain(Picture(made)))]
    for plain in (False, True):
        page = screen.picture(Words("en"), "x", "M", Picture(made), "", "", plain=plain)
        texts.append(rendered(page, None, plain))
    for text in texts[:2]:
        ET.fromstring(text)
    return "".join(texts)


def panel(kind: str, values: list[Any], xs: list[Any]) -> dict[str, Any]:
    """A panel of numbers."""
    rows = [f"r{n}" for n in range(len(values))]
    columns = [f"c{n}" for n in range(len(values[0]))]
    return {"kind": kind, "title": TITLE, "rows": rows, "columns": columns, "xs": xs} | {
        "values": values
    }


@pytest.mark.parametrize("kind", ["heat", "bars", "curves"])
@pytest.mark.parametrize("pair", [*itertools.combinations_with_replacement(ODD[:-1], 2)])
def test_no_numbers_are_too_much_for_a_drawing(kind: str, pair: tuple[float, float]) -> None:
    """Numbers of every size, side by side, are drawn; none makes a number of the drawing odd."""
    text = drawn([panel(kind, [[*pair], [*pair]], [0.0, 1.0])])
    assert "nan" not in text.lower()
    assert '"inf' not in text


@pytest.mark.parametrize("pair", [*itertools.permutations(NUMBERS[:-3], 2)])
def test_no_axis_is_too_long_or_too_short(pair: tuple[float, float]) -> None:
    """The places of a curve may be as odd as its values: it is drawn or refused."""
    try:
        text = drawn([panel("curves", [[1.0, 2.0]], [*pair])])
    except Undrawable:
        return
    assert "nan" not in text.lower()


@pytest.mark.parametrize("kind", [Asked(), np.array(["heat", "bars"]), ["heat"], {"heat": 1}, None])
def test_a_kind_is_a_text(kind: Any) -> None:
    """An object in the place of a kind is refused, and not asked whether it is one."""
    with pytest.raises(Undrawable):
        panels([panel("heat", [[1.0]], []) | {"kind": kind}])
    assert not Asked.asked


def test_titles_are_in_languages() -> None:
    """Names of languages are short words, and few: no other text goes along with a title."""
    odd = {ESCAPES: "x", "x" * 10_000: "y", **{f"l{n}": "z" for n in range(10_000)}}
    (made,) = panels([panel("heat", [[1.0]], []) | {"title": odd | TITLE | {Asked(): "a"}}])
    assert set(made.title) == {"en"}


def test_chance_finds_no_crash() -> None:
    """Panels of all kinds, put together at random from hostile parts, are drawn or refused."""
    chance = random.Random(5)
    texts = ["", "\n", ESCAPES, "\ud800", "字" * 99, "x" * 9999, "\t", "a"]
    graph = [[a, b] for a in range(-1, 6) for b in range(-1, 6)]
    drawings = 0
    for _ in range(300):
        size, wide = chance.randint(0, 5), chance.randint(0, 5)
        part = {
            "kind": chance.choice(["heat", "bars", "curves", "graph", "tokens", "heat"]),
            "title": chance.choice([TITLE, {"en": ESCAPES}, {"en": ""}, None, {1: 2}]),
            "rows": chance.choices(texts, k=size),
            "columns": chance.choices(texts, k=wide),
            "nodes": chance.choices(texts, k=chance.choice([5, 6, 3 * MOST_ROWS])),
            "pieces": chance.choices(texts, k=chance.choice([1, 5, 2000])),
            "edges": chance.choices(graph[8:], k=chance.choice([0, 9, 3000])),
            "xs": chance.choices(ODD[:3] if size else ODD, k=wide),
            "values": [chance.choices(ODD, k=wide) for _ in range(size)],
        }
        try:
            text = drawn([part])
        except Undrawable:
            continue
        drawings += 1
        assert "\x07" not in text
        assert "\u202e" not in text
    assert drawings > 50
