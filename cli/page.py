"""A page: what a command shows, put together line by line and printed by rich, at any width."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text

from llmex.cli.lines import Cells, Fitted, Line, rows
from llmex.cli.words import Words
from llmex.cli.wrapping import WHOLE
from llmex.grader.scrub import scrub

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

NARROW = 40
LONGEST = 1_000_000
A_FILE = re.compile(r"[\w./~+-]+\.(?:py|md|yaml|html)\b")
FOLDED = re.compile("(?<=[，。；：？！、）”]) (?=[\u3400-\u9fff“（])")  # a line of YAML ended there
GAP = Line(Text(""))
MARKS = {  # what passes or not, what was done, what works or not, and notes
    "good": ("✓ ", "good"), "bad": ("✗ ", "bad"), "done": ("✓ ", "good"),
    "works": ("✓ ", "good"), "trouble": ("✗ ", "bad"), "dot": ("· ", "dot"),
}  # fmt: skip
UNSPOKEN = ("done", "dot")


def harmless(text: str) -> str:
    """The text without anything that a terminal would obey, whoever wrote it."""
    return text if text.isprintable() else scrub(text, LONGEST, keep_newlines=True)


def _disarm(text: Text) -> None:
    """The last guard, for texts that were put together elsewhere: one sign for each bad one."""
    if not text.plain.isprintable():
        text.plain = "".join(c if scrub(c) == c else "\ufffd" for c in text.plain)


class Page:
    """What a command shows, from top to bottom; rich prints it."""

    def __init__(self, words: Words, *, plain: bool = False) -> None:
        self.words = words
        self.plain = plain
        self.steps = True  # say what to type next?
        self.lines: list[Line | Cells | Fitted] = []

    def head(self, name: str, title: str, right: str = "", tone: str = "quiet") -> None:
        """The first line: an id, its title, and a state at the right edge."""
        text = Text.assemble((harmless(name), "head"))
        text.append(harmless(f" · {title}") if title else "", style="quiet")
        self.lines.append(Line(text, hang=3, right=Text(right, style=tone) if right else None))

    def add(
        self,
        text: str | Text,
        style: str = "",
        *,
        indent: int = 3,
        hang: int | None = None,
        tail: str = "",
    ) -> None:
        """A paragraph; its quiet `tail` stands behind it, or below where there is no room."""
        text = FOLDED.sub("", text) if isinstance(text, str) else text
        last = Text(harmless(tail), style="quiet") if tail else None
        hang = indent if hang is None else hang
        self.lines.append(Line(self._text(text, style), indent, hang, tail=last))

    def code(
        self, text: str | Text, style: str = "", *, indent: int = 5, fold: bool = False
    ) -> None:
        """A line of code: what is too long ends in an ellipsis, or with `fold` goes on below."""
        hang = indent + 4 if fold else indent
        self.lines.append(Line(self._text(text, style), indent, hang, crop=not fold, verbatim=True))

    def bare(self, text: str | Text) -> None:
        """A line without indent that is never wrapped or cut: a path or code, to be copied."""
        self.lines.append(Line(self._text(text, ""), 0, 0, whole=True))

    def patch(self, text: str | Text) -> None:
        """A line of a patch: a terminal shows what is too long below it, a pipe gets it whole."""
        self.lines.append(Line(self._text(text, ""), 0, 4, whole=True, verbatim=True))

    def mark(self, kind: str, text: str | Text, style: str = "", *, indent: int = 1) -> None:
        """A line behind ✓, ✗ or ·: `kind` is one of MARKS; when plain, behind a word or nothing."""
        sign, tone = MARKS[kind]
        if self.plain:
            sign = self.words.say(f"plain.{kind}") if kind not in UNSPOKEN else ""
        line = Text.assemble((sign, tone))
        line.append_text(self._text(text, style))
        self.lines.append(Line(line, indent, indent + min(cell_len(sign), 2)))

    def row(self, left: str | Text, right: str, style: str = "", *, indent: int = 1) -> None:
        """A line with something at the right edge."""
        self.lines.append(
            Line(self._text(left, style), indent, indent + 2, Text(right, style="quiet"))
        )

    def item(self, name: str, text: str, column: int, style: str = "command") -> None:
        """A name, and what it means from a column on; the next lines stand below the meaning."""
        line = Text.assemble((harmless(name), style))
        line.append(" " * max(column - cell_len(name), 2))
        line.append_text(self._text(text, ""))
        self.lines.append(Line(line, 3, 3 + column, name=len(name)))

    def fitted(self, rows: Callable[[int], Sequence[Text]], *, indent: int = 3) -> None:
        """Rows that `rows` makes for the columns that there are."""
        self.lines.append(Fitted(rows, indent))

    def cells(self, left: str | Text, middle: str, right: str | Text, *, indent: int = 1) -> None:
        """A row of a table: something at each edge, and in the middle what there is room for."""
        parts = (self._text(left, ""), self._text(middle, "quiet"), self._text(right, "quiet"))
        self.lines.append(Cells(*parts, indent=indent))

    def next(self, *steps: tuple[str, str, str]) -> None:
        """What to type next: (words before, command, words after), one line for each."""
        label = self.words.say("next.label")
        width = cell_len(label)
        for number, (before, command, after) in enumerate(steps):
            text = Text.assemble((label if number == 0 else "", "quiet"))
            text.append(harmless(before) + ("  " if before and command else ""))
            text.append(harmless(command).replace(" ", WHOLE), style="command")
            text.append("   " + after if after else "", style="quiet")
            first = 1 if number == 0 else 1 + width
            self.lines.append(Line(text, first, 1 + width, step=True))

    def gap(self) -> None:
        """An empty line."""
        self.lines.append(GAP)

    def _text(self, text: str | Text, style: str) -> Text:
        return text if isinstance(text, Text) else Text(harmless(text), style=style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Every line, wrapped to the width at hand."""
        width = max(options.max_width, NARROW)
        ticks = console.color_system is None
        links = console.is_terminal and not ticks and not self.plain
        for line in self._shown():
            if isinstance(line, Line) and line.hang and console.is_terminal:
                line = replace(line, whole=False)
            for text in rows(line, width, ticks):
                _disarm(text)
                if links:
                    link(text)
                yield from text.render(console)
                yield Segment.line()

    def _shown(self) -> list[Line | Cells | Fitted]:
        """All lines; or without what to type next, and the gap before it."""
        if self.steps:
            return self.lines
        kept = [line for line in self.lines if not (isinstance(line, Line) and line.step)]
        while kept and kept[-1] == GAP:
            kept.pop()
        return kept


def link(text: Text) -> None:
    """Make the files that a row names clickable, in terminals that know how."""
    for found in A_FILE.finditer(text.plain):
        path = Path(found[0])
        if path.is_file():
            text.stylize(f"link {path.resolve().as_uri()}", *found.span())
