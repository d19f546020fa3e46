"""Notes in a terminal: what Markdown says, at every width, in any script, in words."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from llmex.cli.screens.notes import fitting, notes

ROOT = Path(__file__).parent.parent
NOTES = sorted((ROOT / "exercises").glob("*/*/notes.*.md"))
DRAWN = re.compile(r"[\u2500-\u259f]")
MARKDOWN = """\
# Softmax

Costs $5 and $6. The *score* $x_i$ of `f(x)`, see [a paper](https://example.org).

1. one
   - nested
2. two

> said

```python
def f(x):
    return x
```

| 名称 | $x_i$ | cost |
|---|---|---|
| 很短 | 1 | a rather long cell of the last column, with many words in it, one by one |

$$\\frac{a + b}{c}, \\qquad d = 1$$
"""


def text(markdown: str, width: int = 80, *, plain: bool = False, colour: bool = False) -> str:
    """The notes as a console of this width shows them."""
    paper = io.StringIO()
    console = Console(
        file=paper,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    console.print(notes(markdown, plain=plain), crop=False)
    return re.sub(r" +$", "", paper.getvalue(), flags=re.MULTILINE)


def test_markdown_is_read() -> None:
    """Formulas, lists, quotations, code and tables are shown as such; prices stay prices."""
    shown = text(MARKDOWN)
    for part in (
        "Costs $5 and $6.", "The score xᵢ of `f(x)`, see a paper (https://example.org).",
        " 1. one\n    • nested", "\n 2. two", "> said", "         return x", "(a + b)/c,    d = 1",
    ):  # fmt: skip
        assert part in shown
    lines = shown.splitlines()
    head = next(n for n, line in enumerate(lines) if "名称" in line)
    assert "xᵢ" in lines[head]
    assert set(lines[head + 1].strip()) == {"─"}
    for name, value in (("xᵢ", "1"), ("cost", "a rather")):
        above, below = lines[head], lines[head + 2]
        assert cell_len(above[: above.index(name)]) == cell_len(below[: below.index(value)])


def test_in_words_nothing_is_drawn() -> None:
    """Plain notes mark headings, name the columns in each row, and have ASCII formulas."""
    shown = text(MARKDOWN, plain=True)
    assert not DRAWN.search(shown)
    assert "•" not in shown
    assert "# Softmax" in shown
    assert "名称: 很短; x_i: 1; cost: a rather long cell" in shown
    assert "The score x_i of" in shown


def test_links_are_clickable_in_colours_only() -> None:
    """Where there are colours a link is one; elsewhere its address can be read."""
    shown = text(MARKDOWN, colour=True)
    assert "\x1b]8;" in shown
    assert "https://example.org" not in re.sub(r"\x1b\]8;.*?\x1b\\", "", shown)
    assert "`" not in shown


def test_columns_share_the_room() -> None:
    """A table keeps every word whole; where that cannot be, there is no table."""
    from rich.text import Text

    rows = [[Text("ab"), Text("long words here")], [Text("c"), Text("x")]]
    assert fitting(rows, 40) == [2, 15]
    assert fitting(rows, 12) == [2, 7]
    assert fitting(rows, 9) == []
    assert fitting([], 80) == []


@pytest.mark.parametrize("path", NOTES, ids=lambda p: f"{p.parent.name}.{p.suffixes[0][1:]}")
def test_every_note_of_the_course_fits(path: Path) -> None:
    """At 80 and 40 columns no line is too long but one that cannot break, and no mark is left."""
    markdown = path.read_text("utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]*`", markdown, re.DOTALL))
    for width in (80, 40):
        for plain in (False, True):
            shown = text(markdown, width, plain=plain)
            assert max(map(cell_len, shown.splitlines())) <= width
            assert "\u00a0" not in shown
            assert not (plain and DRAWN.search(shown)) or DRAWN.search(code)
            prose = re.sub(r"`[^`]*`", "", shown)
            assert not re.search(r"\*\*|\]\(|\|---", prose), prose
