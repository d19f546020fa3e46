"""What a picture is made of: panels, read from plain data that a learner's code helped to make."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from llmex.grader.report import Sentence
from llmex.grader.scrub import scrub

KINDS = ("heat", "curves", "bars", "graph", "tokens")
MOST_PANELS, MOST_ROWS, MOST_COLUMNS = 12, 64, 64
MOST_POINTS, MOST_NODES, MOST_PIECES = 400, 64, 600
MOST_TEXT = 48
LARGEST = 1e15  # one that is larger by 1 can still be told apart from it
SMALLEST = 1e-100  # below it lies nothing: no quotient of two numbers is infinite
LANGUAGE = re.compile(r"[a-z]{2,3}")

NO_LIST = "it gave no list of panels"
NO_KIND = "a panel has none of the kinds {kinds}"
NO_TITLE = "a panel has no title"
NO_TEXTS = "'{field}' is no list of texts"
NO_NUMBERS = "'{field}' is no list of lists of numbers"
UNEVEN = "'{field}' has {got} entries where {want} are needed"
NO_EDGES = "'edges' holds what is no pair of nodes"
EMPTY = "there is nothing in it"


class Undrawable(Exception):
    """What came back is no picture; `why` says what is wrong with it."""

    def __init__(self, text: str, **fields: str | int) -> None:
        self.why = Sentence(text, fields)
        super().__init__(self.why.english())


@dataclass(frozen=True)
class Panel:
    """One part of a picture; `title` by language.

    heat: `values` (rows, columns), each with a label. curves: `values` (rows, points) over `xs`.
    bars: `values` (rows, columns), a block of bars for each row. graph: `columns` are the nodes,
    `edges` go from the first to the second. tokens: `columns` are the pieces of a text.
    A value that is no finite number, or larger than LARGEST, is None.
    """

    kind: str
    title: Mapping[str, str]
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    values: tuple[tuple[float | None, ...], ...] = ()
    xs: tuple[float, ...] = ()
    edges: tuple[tuple[int, int], ...] = ()

    def title_in(self, lang: str) -> str:
        """The title in a language, English where there is none."""
        return self.title.get(lang) or self.title["en"]


@dataclass(frozen=True)
class Picture:
    """The panels of one exercise, or why there are none; `lines` are the learner's own lines."""

    panels: tuple[Panel, ...] = ()
    problem: Sentence | None = None
    lines: tuple[str, ...] = ()


def panels(value: Any) -> tuple[Panel, ...]:
    """The panels in what `picture()` of an exercise's picture.py gave. Raises Undrawable."""
    if not isinstance(value, list | tuple) or not value:
        raise Undrawable(NO_LIST)
    return tuple(_panel(part) for part in value[:MOST_PANELS])


def _panel(part: Any) -> Panel:
    plain = part if isinstance(part, dict) else {}
    kind = plain.get("kind")
    if type(kind) is not str or kind not in KINDS:  # an object would answer for itself
        raise Undrawable(NO_KIND, kinds=", ".join(KINDS))
    title = plain.get("title")
    if not isinstance(title, dict) or not isinstance(title.get("en"), str):
        raise Undrawable(NO_TITLE)
    title = {"en": title["en"], **title}
    spoken = {k: v for k, v in title.items() if isinstance(k, str) and LANGUAGE.fullmatch(k)}
    titles = {k: scrub(v, 160) for k, v in [*spoken.items()][:8] if isinstance(v, str)}
    readers = {"heat": _table, "bars": _table, "curves": _curves, "graph": _graph, "tokens": _text}
    return readers[kind](kind, titles, plain)


def _table(kind: str, title: Mapping[str, str], plain: Mapping[str, Any]) -> Panel:
    rows = _labels(plain, "rows", MOST_ROWS)
    columns = _labels(plain, "columns", MOST_COLUMNS)
    values = _numbers(plain, "values", len(rows), len(columns))
    return Panel(kind, title, rows, columns, values)


def _curves(kind: str, title: Mapping[str, str], plain: Mapping[str, Any]) -> Panel:
    names = _labels(plain, "rows", 8)
    xs = _row(plain.get("xs"))
    if xs is None or len(xs) < 2 or any(x is None for x in xs):
        raise Undrawable(NO_NUMBERS, field="xs")
    points = tuple(x for x in xs[:MOST_POINTS] if x is not None)
    return Panel(kind, title, names, (), _numbers(plain, "values", len(names), len(points)), points)


def _graph(kind: str, title: Mapping[str, str], plain: Mapping[str, Any]) -> Panel:
    nodes = _labels(plain, "nodes", MOST_NODES)
    edges = plain.get("edges")
    if not isinstance(edges, list | tuple) or not all(_is_edge(e, len(nodes)) for e in edges):
        raise Undrawable(NO_EDGES)
    return Panel(kind, title, (), nodes, edges=tuple((a, b) for a, b in edges[: 4 * MOST_NODES]))


def _text(kind: str, title: Mapping[str, str], plain: Mapping[str, Any]) -> Panel:
    return Panel(kind, title, (), _labels(plain, "pieces", MOST_PIECES))


def _labels(plain: Mapping[str, Any], field: str, most: int) -> tuple[str, ...]:
    texts = plain.get(field)
    if not isinstance(texts, list | tuple) or not all(isinstance(t, str) for t in texts):
        raise Undrawable(NO_TEXTS, field=field)
    if not texts:
        raise Undrawable(EMPTY)
    return tuple(scrub(text, MOST_TEXT, keep_newlines=True) for text in texts[:most])


def _numbers(
    plain: Mapping[str, Any], field: str, rows: int, columns: int
) -> tuple[tuple[float | None, ...], ...]:
    given = plain.get(field)
    if not isinstance(given, list | tuple):
        raise Undrawable(NO_NUMBERS, field=field)
    table = []
    for part in given[:rows]:
        row = _row(part)
        if row is None:
            raise Undrawable(NO_NUMBERS, field=field)
        table.append(row[:columns])
        if len(table[-1]) != columns:
            raise Undrawable(UNEVEN, field=field, got=len(table[-1]), want=columns)
    if len(table) != rows:
        raise Undrawable(UNEVEN, field=field, got=len(table), want=rows)
    return tuple(table)


def _row(part: Any) -> tuple[float | None, ...] | None:
    """A list of numbers; None in place of what is not a number, infinite or beyond LARGEST."""
    if not isinstance(part, list | tuple):
        return None
    row: list[float | None] = []
    for value in part[:MOST_POINTS]:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        shown = 0.0 if abs(number) < SMALLEST else number
        row.append(shown if abs(shown) <= LARGEST else None)
    return tuple(row)


def _is_edge(edge: Any, nodes: int) -> bool:
    """Whether it is a pair of places in the list of nodes."""
    pair: Sequence[Any] = edge if isinstance(edge, list | tuple) else ()
    return len(pair) == 2 and all(type(end) is int and 0 <= end < nodes for end in pair)
