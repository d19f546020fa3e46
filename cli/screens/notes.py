"""Notes in a terminal: Markdown with formulas, tables of any script, code and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin
from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.markdown import (
    BlockQuote,
    CodeBlock,
    Heading,
    ListItem,
    Markdown,
    MarkdownElement,
    Paragraph,
    TableElement,
    TextElement,
)  # fmt: skip
from rich.padding import Padding
from rich.segment import Segment
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from llmex.cli.maths import parts, read
from llmex.cli.page import harmless
from llmex.cli.wrapping import WHOLE, longest_unit, wrapped

SHORT = 24  # a formula of fewer cells does not break
STYLES = Theme(
    {
        "markdown.code": "bold cyan", "markdown.em": "italic", "markdown.link_url": "underline",
        "markdown.table.header": "bold", "markdown.table.border": "dim",
    }
)  # fmt: skip


class _Filled:
    """A text whose rows are filled to their end in any script."""

    def __init__(self, text: Text) -> None:
        self.text = text

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        yield from wrapped(self.text, options.max_width)


class _Aware(MarkdownElement):
    """An element that knows whether it is shown in words."""

    plain = False

    @classmethod
    def create(cls, markdown: Markdown, token: Token) -> MarkdownElement:
        """Make it, and let it know."""
        element = super().create(markdown, token)
        if isinstance(element, _Aware):
            element.plain = isinstance(markdown, Notes) and markdown.plain
        return element


class _Heading(_Aware, Heading):  # type: ignore[misc]  # rich narrows what `create` returns
    """At the left edge, like everything else; in plain text with its marks."""

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        self.text.stylize("head")
        marks = "#" * int(self.tag[1:]) + " " if self.plain else ""
        yield from wrapped(Text.assemble(marks, self.text), options.max_width)


class _Paragraph(Paragraph):
    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        yield _Filled(self.text)


class _Item(_Aware, ListItem):
    """An item of a list; in plain text behind a hyphen."""

    def render_bullet(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The item behind its mark."""
        mark = "- " if self.plain else "• "
        lines = console.render_lines(self.elements, options.update(width=options.max_width - 2))
        yield from _behind(mark, lines)

    def render_number(
        self, console: Console, options: ConsoleOptions, number: int, last_number: int
    ) -> RenderResult:
        """The item behind its number."""
        mark = f"{number}.".rjust(len(f"{last_number}.")) + " "
        room = options.update(width=options.max_width - len(mark))
        yield from _behind(mark, console.render_lines(self.elements, room))


def _behind(mark: str, lines: Sequence[Sequence[Segment]]) -> RenderResult:
    for number, line in enumerate(lines):
        yield Segment(" " * len(mark) if number else mark)
        yield from line
        yield Segment.line()


class _Quote(BlockQuote):
    """What somebody said, behind an indent and a sign that can be said."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(self.elements, options.update(width=options.max_width - 2))
        for line in lines:
            yield Segment("> ")
            yield from line
            yield Segment.line()


class _Formula(_Aware, TextElement):
    """A formula on lines of its own."""

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        room = max(options.max_width - 4, 1)
        found = parts(self.text.plain, signs=not self.plain)
        line = "    ".join(found)
        for row in [line] if cell_len(line) <= room else found:
            for number, piece in enumerate(wrapped(Text(row), room - 2, room)):
                yield Text.assemble("      " if number else "    ", piece)


class _Code(CodeBlock):
    """Code in colours where there are some, behind an indent; a long line goes on below."""

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        lexer = Syntax("", self.lexer_name or "text", theme="ansi_dark")
        for line in lexer.highlight(str(self.text).rstrip("\n")).split("\n", allow_blank=True):
            for row in wrapped(line, max(options.max_width - 4, 1)):
                yield Text.assemble("    ", row)


class _Table(_Aware, TableElement):
    """A table; in plain text one line for each row, each value behind its column's name."""

    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        header, *rows = self._cells()
        widths = fitting([header, *rows], options.max_width - 4)
        if self.plain or not widths:
            yield from _spelled_out(header, rows, options.max_width)
            return
        table = Table(
            box=box.SIMPLE_HEAD, pad_edge=False, style="markdown.table.border", show_edge=False
        )
        for text, width in zip(header, widths, strict=True):
            text.stylize("markdown.table.header")
            table.add_column(_Filled(text), width=width)
        for row in rows:
            table.add_row(*map(_Filled, row))
        yield Padding(table, (0, 0, 0, 2))

    def _cells(self) -> list[list[Text]]:
        """The header and the rows, whose spaces break."""
        header = [self.header.row] if self.header and self.header.row else []
        found = [
            [cell.content for cell in row.cells if hasattr(cell, "content")]
            for row in [*header, *(self.body.rows if self.body else [])]
        ]
        return found or [[]]


def fitting(rows: Sequence[Sequence[Text]], room: int) -> list[int]:
    """The width of each column, with three cells between two; [] where words would be cut."""
    columns = list(zip(*rows, strict=False))
    least = [max(longest_unit(cell.plain) for cell in column) for column in columns]
    most = [max(cell.cell_len for cell in column) for column in columns]
    room -= 3 * (len(columns) - 1)
    widths: list[int] = []
    for level in range(1, max(most, default=0) + 1):  # narrow columns get all that they want first
        wider = [max(low, min(high, level)) for low, high in zip(least, most, strict=True)]
        widths = wider if sum(wider) <= room else widths
    return widths


def _spelled_out(header: Sequence[Text], rows: Iterable[Sequence[Text]], width: int) -> list[Text]:
    lines = []
    for row in rows:
        named = zip(header, row, strict=False)
        text = "; ".join(f"{name.plain}: {cell.plain}" if name else cell.plain
                         for name, cell in named)  # fmt: skip
        for number, line in enumerate(wrapped(Text(text), width - 4, width - 2)):
            lines.append(Text.assemble("    " if number else "  ", line))
    return lines


class Notes(Markdown):
    """The notes of an exercise; `plain`: in words, without drawings."""

    elements: ClassVar[dict[str, type[MarkdownElement]]] = {
        **Markdown.elements, "heading_open": _Heading, "paragraph_open": _Paragraph,
        "list_item_open": _Item, "blockquote_open": _Quote, "table_open": _Table,
        "fence": _Code, "code_block": _Code, "math_block": _Formula,
    }  # fmt: skip

    def __init__(self, text: str, *, plain: bool = False) -> None:
        super().__init__(text, hyperlinks=False)
        self.plain = plain
        self.parsed = parser().parse(text)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """The lines, in the form that this console shows."""
        colours = console.color_system is not None
        self.hyperlinks = colours and not self.plain
        for token in self.parsed:
            for child in token.children or ():
                self._prepare(child, ticks=not colours)
        with console.use_theme(STYLES):
            yield from super().__rich_console__(console, options)

    def _prepare(self, token: Token, *, ticks: bool) -> None:
        """Turn formulas into text; keep what marks code where no colour does."""
        if token.type.startswith("math_inline"):
            text = read(token.content, signs=not self.plain)
            token.type = "text"
            token.content = text.replace(" ", WHOLE) if cell_len(text) < SHORT else text
        elif token.type == "code_inline" and ticks:
            token.type, token.tag, token.content = "text", "", f"`{token.content}`"


def parser() -> MarkdownIt:
    """What reads notes: CommonMark, tables, and formulas between dollars."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # A dollar after a space closes nothing, so that "$5 and $6" is none. (`allow_digits=False`
    # would miss a formula that begins a cell which ends in a digit, for it looks at the end.)
    return markdown.use(
        dollarmath_plugin, allow_labels=False, allow_space=False, double_inline=True
    )


def notes(text: str, *, plain: bool = False) -> RenderableType:
    """Notes as a part of a screen."""
    return Padding(Notes(harmless(text), plain=plain), (0, 1, 1, 1))
