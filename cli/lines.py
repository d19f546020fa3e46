"""The lines of a page: how a text, a row of a table or rows of a picture lie on a screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.text import Text

from llmex.cli.wrapping import longest_unit, wrapped

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
    step: bool = False  # says what to type next
    verbatim: bool = False  # its backticks are its own


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


def rows(line: Line | Cells | Fitted, width: int, ticks: bool) -> list[Text]:
    """The line as it stands on a screen of this width; with `ticks` its backticks are shown."""
    if isinstance(line, Cells):
        return [line.laid_out(width)]
    return line.laid_out(width) if isinstance(line, Fitted) else laid_out(line, width, ticks)


def laid_out(line: Line, width: int, ticks: bool = True) -> list[Text]:
    """One line as it stands on a screen of this width: one text for each row."""
    body = line.text if ticks or line.verbatim else typed(line.text)
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
