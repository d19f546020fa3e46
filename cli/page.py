"""A page: lines of styled text that wrap with a hanging indent, in any script, to any width."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.text import Text

from llmex.cli.words import Words
from llmex.cli.wrapping import WHOLE, longest_unit, wrapped
from llmex.grader.scrub import scrub

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

NARROW = 40
LONGEST = 1_000_000
A_FILE = re.compile(r"[\w./~+-]+\.(?:py|md|yaml|html)\b")
ENOUGH = 12  # a column narrower than this says nothing


@dataclass(frozen=True)
class Line:
    """Text behind an indent; what wraps goes below `hang`; `right` stands at the right edge."""

    text: Text
    indent: int = 1
    hang: int = 1
    right: Text | None = None
    crop: bool = False
    whole: bool = False
    name: int = 0  # characters at the beginning that get a row of their own where room is short
    tail: Text | None = None  # stands behind the text if it fits there, else below it


@dataclass(frozen=True)
class Fitted:
    """Rows that are made for the room that there is, such as those of a picture."""

    rows: Callable[[int], Sequence[Text]]
    indent: int = 3

    def laid_out(self, width: int) -> list[Text]:
        """The rows as they stand on a screen of this width."""
        made = [text.copy() for text in self.rows(width - self.indent)]
        for text in made:
            text.truncate(width - self.indent, overflow="ellipsis")
        return [_indented(text, self.indent) for text in made]


@dataclass(frozen=True)
class Cells:
    """A row of a table: `middle` takes the room that is left, or goes where there is too little."""

    left: Text
    middle: Text
    right: Text
    indent: int = 1

    def laid_out(self, width: int) -> Text:
        """The row as it stands on a screen of this width."""
        room = width - self.indent - self.left.cell_len
        row = Text.assemble(" " * self.indent, self.left)
        space = room - self.right.cell_len - 4
        if self.middle and space >= ENOUGH:
            middle = self.middle.copy()
            middle.truncate(space, overflow="ellipsis", pad=True)
            row.append_text(Text.assemble("  ", middle))
            room -= middle.cell_len + 2
        if self.right and room >= self.right.cell_len + 2:
            row.append_text(Text.assemble(" " * (room - self.right.cell_len), self.right))
        row.truncate(width, overflow="ellipsis")
        row.rstrip()
        return row


def harmless(text: str) -> str:
    """The text without anything that a terminal would obey, whoever wrote it."""
    return text if text.isprintable() else scrub(text, LONGEST, keep_newlines=True)


def _disarm(text: Text) -> None:
    """The last guard, for texts that were put together elsewhere: one sign for each bad one."""
    if not text.plain.isprintable():
        text.plain = "".join(c if scrub(c) == c else "\ufffd" for c in text.plain)


class Page:
    """What a command shows, from top to bottom; rich prints it."""

    def __init__(self, words: Words, *, plain: bool = False, steps: bool = True) -> None:
        self.words = words
        self.plain = plain
        self.steps = steps  # say what to type next?
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
        last = Text(harmless(tail), style="quiet") if tail else None
        hang = indent if hang is None else hang
        self.lines.append(Line(self._text(text, style), indent, hang, tail=last))

    def code(
        self, text: str | Text, style: str = "", *, indent: int = 5, fold: bool = False
    ) -> None:
        """A line of code: what is too long ends in an ellipsis, or with `fold` goes on below."""
        hang = indent + 4 if fold else indent
        self.lines.append(Line(self._text(text, style), indent, hang, crop=not fold))

    def bare(self, text: str | Text) -> None:
        """A line without indent that is never wrapped or cut: a path or code, to be copied."""
        self.lines.append(Line(self._text(text, ""), 0, 0, whole=True))

    def mark(self, kind: str, text: str | Text, style: str = "", *, indent: int = 1) -> None:
        """A line behind ✓, ✗ or · (a word, when plain): `kind` is good, bad or dot."""
        sign = {"good": "✓ ", "bad": "✗ ", "dot": "· "}[kind]
        if self.plain:
            sign = self.words.say(f"plain.{kind}") if kind != "dot" else ""
        line = Text.assemble((sign, kind))
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
        if not self.steps:
            return
        label = self.words.say("next.label")
        width = cell_len(label)
        for number, (before, command, after) in enumerate(steps):
            text = Text.assemble((label if number == 0 else "", "quiet"))
            text.append(harmless(before) + ("  " if before and command else ""))
            text.append(harmless(command).replace(" ", WHOLE), style="command")
            text.append("   " + after if after else "", style="quiet")
            first = 1 if number == 0 else 1 + width
            self.lines.append(Line(text, first, 1 + width))

    def gap(self) -> None:
        """An empty line."""
        self.lines.append(Line(Text("")))

    def _text(self, text: str | Text, style: str) -> Text:
        return text if isinstance(text, Text) else Text(harmless(text), style=style)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Every line, wrapped to the width at hand."""
        width = max(options.max_width, NARROW)
        ticks = console.color_system is None
        links = console.is_terminal and not ticks and not self.plain
        for line in self.lines:
            for text in _rows(line, width, ticks):
                _disarm(text)
                if links:
                    link(text)
                yield from text.render(console)
                yield Segment.line()


def link(text: Text) -> None:
    """Make the files that a row names clickable, in terminals that know how."""
    for found in A_FILE.finditer(text.plain):
        path = Path(found[0])
        if path.is_file():
            text.stylize(f"link {path.resolve().as_uri()}", *found.span())


def _rows(line: Line | Cells | Fitted, width: int, ticks: bool) -> list[Text]:
    if isinstance(line, Cells):
        return [line.laid_out(width)]
    return line.laid_out(width) if isinstance(line, Fitted) else laid_out(line, width, ticks)


def laid_out(line: Line, width: int, ticks: bool = True) -> list[Text]:
    """One line as it stands on a screen of this width: one text for each row."""
    body = line.text if ticks else typed(line.text)
    if line.whole:
        return [line.text]
    if line.right is not None:
        return _with_right(body, line, width)
    hang = _hang(body, line, width)
    if line.name and hang != line.hang:
        return _named(body, line, hang, width)
    if line.tail is not None:
        return _with_tail(body, line.tail, line.indent, hang, width)
    if line.crop:
        body = body.copy()
        body.truncate(width - line.indent, overflow="ellipsis")
        rows = [body]
    else:
        rows = wrapped(body, width - hang, width - line.indent)
    return [_indented(row, hang if i else line.indent) for i, row in enumerate(rows)]


def _hang(body: Text, line: Line, width: int) -> int:
    """Where the second row begins: further left where a column would be too narrow."""
    if body.cell_len <= width - line.indent or line.hang <= line.indent:
        return line.hang
    narrow = line.hang > width // 3 or longest_unit(body.plain) > width - line.hang
    return line.indent + 2 if narrow else line.hang


def _named(body: Text, line: Line, hang: int, width: int) -> list[Text]:
    """The name on a row of its own, and below it what it means."""
    name, rest = body[: line.name], body[line.name :]
    rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
    below = wrapped(rest, width - hang)
    return [_indented(name, line.indent), *(_indented(row, hang) for row in below)]


def _with_tail(body: Text, tail: Text, indent: int, hang: int, width: int) -> list[Text]:
    if indent + body.cell_len + 3 + tail.cell_len <= width:
        return [_indented(Text.assemble(body, "   ", tail), indent)]
    rows = wrapped(body, width - hang, width - indent)
    texts = [_indented(row, hang if i else indent) for i, row in enumerate(rows)]
    return texts + [_indented(row, hang) for row in wrapped(tail, width - hang)]


def _with_right(body: Text, line: Line, width: int) -> list[Text]:
    assert line.right is not None
    space = width - line.indent - body.cell_len - line.right.cell_len
    if space >= 2:
        return [_indented(Text.assemble(body, " " * space, line.right), line.indent)]
    rows = wrapped(body, width - line.hang, width - line.indent)
    below = wrapped(line.right, width - line.hang)
    texts = [_indented(row, line.hang if i else line.indent) for i, row in enumerate(rows)]
    return texts + [_indented(row, line.hang) for row in below]


def _indented(text: Text, indent: int) -> Text:
    text = text.copy()
    text.rstrip()
    return Text.assemble(" " * indent, text) if text.plain else text


def typed(text: Text) -> Text:
    """`text` with what stands between backticks in the style of a command, without the ticks."""
    parts = re.split(r"(`[^`]+`)", text.plain)
    if len(parts) == 1:
        return text
    result = Text(style=text.style)
    place = 0
    for part in parts:
        piece = text[place : place + len(part)]
        place += len(part)
        if part.startswith("`") and part.endswith("`") and len(part) > 2:
            piece = piece[1:-1]
            piece.stylize("command")
        result.append_text(piece)
    return result
