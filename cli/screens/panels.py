"""The panels of a picture in the terminal: maps in shades, bars, graphs and pieces of a text."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from llmex.cli.braille import EMPTY, braille, joined
from llmex.cli.page import Page
from llmex.cli.screens import evidence
from llmex.cli.words import Words
from llmex.cli.wrapping import WHOLE
from llmex.grader.panel import Panel, Picture

SHADES = " ░▒▓█"
EIGHTHS = " ▏▎▍▌▋▊▉█"
LABEL = 14  # columns of a row's name
WIDE = 70  # columns of a panel
BAR = 30
ROWS, COLUMNS = 6, 40  # of one curve
TONES = ("black on cyan", "black on yellow", "black on green", "black on magenta")
LEFT_OUT = "…"


def picture(
    words: Words,
    exercise: str,
    module: str,
    drawn: Picture,
    saved: str,
    file: str,
    *,
    plain: bool = False,
) -> Page:
    """A whole picture, and where it was saved; or why there is none."""
    page = Page(words, plain=plain)
    page.head(exercise, module)
    for one in drawn.panels:
        panel(page, one)
    page.gap()
    if drawn.problem:
        page.mark("trouble", evidence.sentence(page, drawn.problem, None))
        evidence.quoted(page, drawn.lines, file)
        page.gap()
        page.next((words.say("picture.wrong"), f"llmex check {exercise}", ""))
    else:
        if saved:
            page.add(saved, "quiet", indent=1)
        page.next((words.say("next.go-on"), "llmex next", ""))
    return page


def choices(words: Words, titles: Mapping[str, str], *, plain: bool = False) -> Page:
    """Which exercises have a picture."""
    page = Page(words, plain=plain)
    page.head("llmex picture", words.say("brief.picture"))
    page.gap()
    width = max(map(cell_len, titles), default=0) + 2
    for name, title in titles.items():
        page.item(name, title, width)
    if titles:
        page.gap()
        page.next((words.say("picture.one"), f"llmex picture {next(iter(titles))}", ""))
    return page


def panel(page: Page, one: Panel) -> None:
    """One panel below its title."""
    page.gap()
    page.add(one.title_in(page.words.lang), "head")
    DRAW[one.kind](page, one)


def _heat(page: Page, one: Panel) -> None:
    """Rows and columns with their names; a cell is the darker the larger its value is."""
    page.fitted(lambda room: _map(one, min(room, WIDE), plain=page.plain))


def _map(one: Panel, room: int, *, plain: bool) -> list[Text]:
    """The map in this room: narrow cells rather than fewer columns, unless they hold numbers."""
    label = min(max(map(cell_len, one.rows)), LABEL)
    room -= label + 1
    cell = 6 if plain else max(2, min(max(map(cell_len, one.columns)) + 1, 6))
    if not plain and cell * len(one.columns) > room:
        cell = max(room // len(one.columns), 2)
    most = max(room // cell, 1)
    names = one.columns[:most]
    head = " " * (label + 1) + "".join(_fit(name, cell - 1) + " " for name in names)
    rows = [Text(head + (LEFT_OUT if len(one.columns) > most else ""), style="quiet")]
    low, high = _range(one)
    for name, values in zip(one.rows, one.values, strict=True):
        line = Text(_fit(name, label) + " ", style="quiet")
        for value in values[:most]:
            line.append(_cell(value, low, high, cell, plain=plain))
        rows.append(line)
    return rows


def _range(one: Panel) -> tuple[float, float]:
    """From 0, or from the smallest value where some are below, to the largest."""
    known = [value for row in one.values for value in row if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    return min(low, 0.0), max(high, 1e-300)


def _cell(value: float | None, low: float, high: float, width: int, *, plain: bool) -> Text:
    if value is None:
        return Text("?".ljust(width), style="bad")
    if plain:
        return Text(f"{value:.2f}".ljust(width))
    share = (value - low) / (high - low)
    sign = SHADES[min(round(share * (len(SHADES) - 1)), len(SHADES) - 1)]
    return Text(sign * (width - 1) + " ")


def _bars(page: Page, one: Panel) -> None:
    """A block of bars for each row, with the numbers behind them."""
    high = max((v for row in one.values for v in row if v is not None), default=1.0) or 1.0
    for name, values in zip(one.rows, one.values, strict=True):
        page.add(name, "quiet", indent=3)
        block = functools.partial(_block, one, values, high, plain=page.plain)
        page.fitted(block, indent=5)


def _block(
    one: Panel, values: Sequence[float | None], high: float, room: int, *, plain: bool
) -> list[Text]:
    """One bar for each column, its number behind it."""
    label = min(max(map(cell_len, one.columns)), LABEL)
    numbers = ["?" if value is None else f"{value:.3f}" for value in values]
    size = max(min(BAR, room - label - 2 - max(map(len, numbers), default=0)), 1)
    rows = []
    for column, value, number in zip(one.columns, values, numbers, strict=True):
        bar = "" if plain or value is None else _bar(value / high, size)
        gap = "" if plain else " " * (size - cell_len(bar) + 1)
        rows.append(Text(f"{_fit(column, label)} {bar}{gap}{number}"))
    return rows


def _bar(share: float, size: int) -> str:
    """A bar to an eighth of a column; nothing for what is not above 0."""
    eighths = round(max(min(share, 1.0), 0.0) * size * 8)
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8]).strip()


def _curves(page: Page, one: Panel) -> None:
    """Each curve in a frame of its own, all on one scale, so that no colour tells them apart."""
    low, high = spanned(one)
    for name, values in zip(one.rows, one.values, strict=True):
        known = [v for v in values if v is not None]
        ends = f"{min(known, default=0.0):.3g} .. {max(known, default=0.0):.3g}"
        page.add(f"{name}   {ends}", "quiet", indent=3)
        if page.plain:
            page.add("  ".join(_told(one.xs, values)))
            continue
        page.fitted(functools.partial(_framed, one.xs, values, low, high))


def _told(xs: Sequence[float], values: Sequence[float | None]) -> Iterator[str]:
    """Nine points of a curve in words, the first and the last among them."""
    last, least = len(xs) - 1, 1e-9 * max(map(abs, xs))
    for at in dict.fromkeys(round(last * n / 8) for n in range(9)):
        x, value = xs[at] if abs(xs[at]) > least else 0.0, values[at]
        yield f"{x:.3g}:{WHOLE}{'?' if value is None else f'{value:.3g}'}"


def _framed(
    xs: Sequence[float], values: Sequence[float | None], low: float, high: float, room: int
) -> list[Text]:
    margin = max(len(f"{low:.3g}"), len(f"{high:.3g}"))
    columns = max(min(COLUMNS, room - margin - 2), 8)
    return [Text(row) for row in framed(xs, values, low, high, columns)]


def framed(
    xs: Sequence[float],
    values: Sequence[float | None],
    low: float,
    high: float,
    columns: int = COLUMNS,
) -> list[str]:
    """One curve as rows of braille between its axes, numbers at the corners."""
    begin, width = xs[0], (xs[-1] - xs[0]) or 1.0
    places: dict[int, list[float]] = {}
    for x, value in zip(xs, values, strict=True):
        if value is not None:
            at = round(min(max((x - begin) / width, 0.0), 1.0) * (2 * columns - 1))
            places.setdefault(at, []).append((value - low) / (high - low))
    heights = sorted((x, sum(found) / len(found)) for x, found in places.items())
    cells = braille(joined(heights, 4 * ROWS - 1), ROWS, columns)
    margin = max(len(f"{low:.3g}"), len(f"{high:.3g}"))
    marks = {0: f"{high:.3g}", ROWS - 1: f"{low:.3g}"}
    rows = [
        f"{marks.get(n, ''):>{margin}} │{row.replace(EMPTY, ' ')}" for n, row in enumerate(cells)
    ]
    last = f"{xs[-1]:.6g}"
    below = f"{begin:.6g}".ljust(columns - len(last)) + last
    return [*rows, f"{'':>{margin}} └{'─' * columns}", f"{'':>{margin}}  {below}"]


def spanned(one: Panel) -> tuple[float, float]:
    """The smallest and the largest value of all curves, never the same."""
    known = [value for row in one.values for value in row if value is not None]
    low, high = min(known, default=0.0), max(known, default=1.0)
    return (low, high) if high > low else (low - 0.5, high + 0.5)


def _graph(page: Page, one: Panel) -> None:
    """Each node that nothing leads on from, with what it is made of below it."""
    for line in outline(one, plain=page.plain):
        page.code(line, indent=3)


def outline(one: Panel, *, plain: bool = False) -> Iterator[str]:
    """The graph as an outline from its results down; a node met again only names itself."""
    into: dict[int, list[int]] = {}
    for source, target in one.edges:
        into.setdefault(target, []).append(source)
    sources = {source for source, _ in one.edges}
    met: set[int] = set()

    def below(node: int, lead: str, last: bool | None) -> Iterator[str]:
        sign = "" if last is None else "- " if plain else "└─ " if last else "├─ "
        again = node in met
        met.add(node)
        yield lead + sign + one.columns[node] + (" ↑" if again else "")
        parts = [] if again else into.get(node, [])
        deeper = lead if last is None else lead + ("   " if last or plain else "│  ")
        for number, part in enumerate(parts):
            yield from below(part, deeper, number == len(parts) - 1)

    for node in range(len(one.columns)):
        if node not in sources:
            yield from below(node, "", None)


def _tokens(page: Page, one: Panel) -> None:
    """The pieces of a text one after the other, with a bar between them."""
    text = Text()
    for number, piece in enumerate(one.columns):
        text.append("|" if page.plain and number else "│" if number else "", style="quiet")
        text.append(piece.replace("\n", "⏎"), style=TONES[number % len(TONES)])
    page.add(text, indent=3)


def _fit(text: str, width: int) -> str:
    """The text in exactly `width` columns, cut with an ellipsis."""
    flat = text.replace("\n", "⏎")
    if cell_len(flat) > width:
        flat = set_cell_size(flat, max(width - 1, 0)).rstrip() + LEFT_OUT
    return set_cell_size(flat, width)


DRAW: dict[str, Callable[[Page, Panel], None]] = {
    "heat": _heat, "bars": _bars, "curves": _curves, "graph": _graph, "tokens": _tokens
}  # fmt: skip
