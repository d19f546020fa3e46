"""The screen of a solution: a right way beside one's own, and what each way costs."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.syntax import Syntax
from rich.text import Text

from llmex.cli.fitting import fitted
from llmex.cli.page import Page, harmless
from llmex.cli.words import Words

if TYPE_CHECKING:
    from llmex.grader.ways import Way

BETWEEN = 3  # cells between two sources side by side
COLOURS = {"+": "good", "-": "got", "@": "quiet"}


@dataclass(frozen=True)
class Row:
    """A way in numbers; None where there is no number."""

    name: str
    about: str
    lines: int | None
    operations: int | None
    cpu_ms: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True)
class Shown:
    """What is to be shown: the way, one's own source (None: there is none), and all in numbers."""

    id: str
    module: str
    way: Way
    reference: bool
    yours: str | None
    rows: Sequence[Row]
    path: str = ""


def solution(words: Words, shown: Shown, *, plain: bool) -> RenderableType:
    """The way, beside one's own where the screen is wide enough for both."""
    page = Page(words, plain=plain)
    page.head(shown.id, shown.module, _name(words, shown))
    if words.lang != "en" and not shown.reference:  # the source begins with it in English
        page.add(shown.way.about)
    page.gap()
    head = words.say("solution.yours", path=shown.path), _name(words, shown)
    return Group(page, _Beside(head, shown.yours, shown.way.source), _numbers(words, shown, plain))


def difference(words: Words, shown: Shown, *, plain: bool) -> RenderableType:
    """The lines by which one's own differs from the way."""
    page = Page(words, plain=plain)
    page.head(shown.id, shown.module, _name(words, shown))
    page.gap()
    mine, ours = harmless(shown.yours or ""), harmless(shown.way.source)
    names = shown.path, _name(words, shown)
    lines = list(difflib.unified_diff(mine.splitlines(), ours.splitlines(), *names, lineterm=""))
    for line in lines:
        page.patch(Text(line, style="head" if line[:3] in ("---", "+++") else _style(line)))
    if not lines:
        page.add(words.say("solution.same"))
    if any(row.cpu_ms is not None for row in shown.rows):
        return Group(page, _numbers(words, shown, plain))
    page.gap()
    page.next(
        (words.say("next.go-on"), "llmex next", ""),
        (words.say("next.compare"), f"llmex solution {shown.id}", ""),
    )
    return page


def _style(line: str) -> str:
    return COLOURS.get(line[:1], "")


def _name(words: Words, shown: Shown) -> str:
    if shown.reference:
        return words.say("task.solution")
    return words.say("solution.other", name=shown.way.name)


class _Beside:
    """Two sources side by side if both fit; else the second alone, its lines never cut.

    A terminal gets it with the comments of long lines above them; a pipe gets it as it is.
    """

    def __init__(self, heads: tuple[str, str], left: str | None, right: str) -> None:
        self.heads, self.left, self.right = heads, left, right

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Line by line."""
        for line in self._lines(options.max_width, narrow=console.is_terminal):
            yield from line.render(console, end="\n")

    def _lines(self, room: int, *, narrow: bool) -> list[Text]:
        right = highlighted(self.right)
        left = highlighted(self.left) if self.left is not None else []
        width = max([cell_len(self.heads[0]), *(line.cell_len for line in left)])
        widest = max([cell_len(self.heads[1]), *(line.cell_len for line in right)])
        if not left or width + BETWEEN + widest > room:
            return highlighted(fitted(self.right, room)) if narrow else right
        left.insert(0, Text(self.heads[0], style="quiet"))
        right.insert(0, Text(self.heads[1], style="quiet"))
        return [
            Text.assemble(mine, " " * (width - mine.cell_len + BETWEEN), other)
            for mine, other in itertools.zip_longest(left, right, fillvalue=Text(""))
        ]


def highlighted(source: str) -> list[Text]:
    """Lines of Python, in colours where there are some."""
    code = Syntax("", "python", theme="ansi_dark").highlight(harmless(source).rstrip("\n"))
    return list(code.split("\n"))


def _numbers(words: Words, shown: Shown, plain: bool) -> Page:
    """What each way costs, and what to type for the others."""
    page = Page(words, plain=plain)
    page.gap()
    measured = any(row.cpu_ms is not None for row in shown.rows)
    keys = ["lines", "operations", *(["cpu", "memory"] if measured else [])]
    table = [["", *(words.say(f"solution.{key}") for key in keys)]]
    for row in shown.rows:
        name = words.say("solution.own") if row.name == "yours" else row.name
        table.append([name, *(_number(value) for value in _values(row, measured))])
    widths = [max(cell_len(line[column]) for line in table) for column in range(len(table[0]))]
    for line in table:
        cells = [line[0] + " " * (widths[0] - cell_len(line[0]))]
        cells += [
            " " * (width - cell_len(cell)) + cell
            for cell, width in zip(line[1:], widths[1:], strict=True)
        ]
        page.code("   ".join(cells), "quiet" if not line[0] else "", indent=3)
    if measured:
        page.gap()
        page.add(words.say("solution.measured"), "quiet")
    others = [row for row in shown.rows if row.about and row.name not in (shown.way.name,)]
    if others:
        page.gap()
    for row in others:
        page.item(row.name, row.about, max(cell_len(other.name) for other in others) + 3)
    page.gap()
    page.next(*_steps(words, shown, measured, [row.name for row in others]))
    return page


def _values(row: Row, measured: bool) -> list[float | None]:
    return [row.lines, row.operations, *([row.cpu_ms, row.memory_mb] if measured else [])]


def _number(value: float | None) -> str:
    return "-" if value is None else str(value)


def _steps(
    words: Words, shown: Shown, measured: bool, others: Sequence[str]
) -> list[tuple[str, str, str]]:
    steps = [(words.say("next.go-on"), "llmex next", "")]
    if shown.yours is not None:
        steps.append((words.say("next.differences"), f"llmex solution {shown.id} --diff", ""))
    alone = [name for name in others if name != "solution"]
    if alone:
        command = f"llmex solution {shown.id} --other {alone[0]}"
        steps.append((words.say("next.another-way"), command, ""))
    if not measured:
        steps.append((words.say("next.costs"), f"llmex solution {shown.id} --costs", ""))
    steps.append((words.say("next.break"), f"llmex break {shown.id}", ""))
    return steps
