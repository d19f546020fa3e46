"""What a narrow or half-configured terminal gets: whole pictures, whole counts, whole sentences."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.theme import Theme

from llmex.cli import pager, waiting
from llmex.cli.flags import Flags
from llmex.cli.page import Page
from llmex.cli.screens import course, panels, report, results
from llmex.cli.session import STYLES, Session, rendered
from llmex.cli.words import LANGUAGES, Words
from llmex.grader.panel import panels as read
from llmex.grader.report import Check, Report, Verdict
from tests.screens.ground import text

PASSED = Verdict("passed", (Check("test_a", "It adds", "passed"),))


def drawn(width: int, plain: bool = False, **one: Any) -> str:
    """One panel on a terminal of this width."""
    page = Page(Words("en"), plain=plain)
    panels.panel(page, read([{"title": {"en": "T", "zh": "图"}, **one}])[0])
    return text(page, width)


def test_bars_keep_their_numbers() -> None:
    """On 40 columns bars are shorter, and the numbers behind them are there."""
    shown = drawn(40, kind="bars", rows=["T = 1"], columns=["cat", "dog"], values=[[0.75, 0.25]])
    assert "█ 0.750\n" in shown
    assert shown.count("█") > 10
    assert "0.250\n" in shown


def test_a_map_keeps_its_columns() -> None:
    """On 40 columns the cells of a map are narrow, and none is left out."""
    names = [f"word{number}" for number in range(10)]
    values = [[1.0 if i == j else 0.0 for j in range(10)] for i in range(10)]
    shown = drawn(40, kind="heat", rows=names, columns=names, values=values)
    rows = shown.splitlines()[-10:]
    assert all("█" in row for row in rows)


def test_a_curve_keeps_its_frame() -> None:
    """On 40 columns a curve is narrower, and both ends of its axis are there."""
    xs = list(range(100))
    shown = drawn(40, kind="curves", rows=["loss"], xs=xs, values=[[1 / (x + 1) for x in xs]])
    assert "…" not in shown
    assert shown.splitlines()[-1].split() == ["0", "99"]


def test_a_curve_in_words_has_both_ends() -> None:
    """With --plain a curve is nine of its points, the first and the last among them."""
    xs = list(range(100))
    shown = drawn(80, plain=True, kind="curves", rows=["loss"], xs=xs, values=[xs])
    assert "0: 0 " in shown
    assert shown.rstrip().endswith("99: 99")
    assert drawn(80, plain=True, kind="curves", rows=["a"], xs=[1, 2], values=[[3, 4]])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_standing_keeps_its_counts(lang: str) -> None:
    """However narrow the screen, each module has its count at the end of its row."""
    title = {"en": "Neural networks from scratch", "zh": "从零开始的神经网络与反向传播"}[lang]
    at = course.Standing("A course", "spine", {title: (3, 12)}, opens={title: "training, gpt"})
    words = Words(lang)
    count = words.say("status.module", passed=3, n=12)
    for width in (40, 47, 60, 80):
        rows = text(course.standing(words, at), width).splitlines()
        assert sum(count in row for row in rows) >= 1, width
        assert all(cell_len(row) <= width for row in rows)


def test_a_long_name_has_a_row_of_its_own() -> None:
    """Where a name leaves no room for a column, what it means stands below it."""
    page = Page(Words("en"))
    page.item("scaled-dot-product-attention", "Scaled dot-product attention", 30)
    assert text(page, 40).splitlines() == [
        "   scaled-dot-product-attention",
        "     Scaled dot-product attention",
    ]


def test_two_chinese_sentences_have_no_space_between_them() -> None:
    """A line that YAML folded behind a full stop leaves no space in Chinese."""
    page = Page(Words("zh"))
    page.add("任意大小。 除法之前。 NumPy 也行. 是吗")
    assert text(page).strip() == "任意大小。除法之前。 NumPy 也行. 是吗"


def test_what_is_half_judged_is_no_failure() -> None:
    """In `check --all` an exercise whose quick checks pass has neither a tick nor a cross."""
    half = results.Result("char-gpt", "A GPT", Verdict("unfinished", PASSED.checks))
    shown = text(results.results(Words("en"), [half]))
    assert shown.startswith(" · char-gpt")


def test_a_pass_leads_to_the_picture() -> None:
    """After a pass the learner is told of the picture, where there is one."""
    around = report.Around(picture=True)
    shown = text(report.page(Words("en"), Report("softmax", 1, PASSED), around))
    assert "llmex picture softmax" in shown
    assert "picture" not in text(
        report.page(Words("en"), Report("softmax", 1, PASSED), report.Around())
    )


def test_less_is_told_that_it_gets_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pager knows the encoding, also where the locale of the environment is not installed."""
    told = tmp_path / "told"
    program = tmp_path / "pager"
    program.write_text(f'#!/bin/sh\necho "$LESSCHARSET" > {told}\ncat > /dev/null\n')
    program.chmod(0o755)
    monkeypatch.setenv("PAGER", str(program))
    monkeypatch.delenv("LESSCHARSET", raising=False)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert pager._paged(pager.command(), "讲义\n")
    assert told.read_text() == "utf-8\n"


class Terminal(io.StringIO):
    """A terminal on which one writes."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_the_line_that_waits_is_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is erased at the end has not wrapped: the first words, too, are cut to the terminal."""
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("COLUMNS", "40")
    session = Session("check", Flags(lang="en"))
    with waiting.Waiting(session, "scaled-dot-product-attention", 3):
        pass
    first = stream.getvalue().split(waiting.ERASE)[0]
    assert first.startswith("Checking scaled-dot-product")
    assert cell_len(first) < 40


def test_a_page_can_be_shown_without_its_steps() -> None:
    """Where keys say what comes next, a screen names no commands, and no gap is left for them."""
    page = Page(Words("en"))
    page.add("Done.")
    page.gap()
    page.next(("go on:", "llmex next", ""))
    page.steps = False
    assert rendered(page, None, True) == "   Done.\n"


def test_a_patch_is_whole_in_a_pipe_and_readable_in_a_terminal() -> None:
    """A long line of a patch is never cut; a terminal shows the rest of it below, indented."""
    page = Page(Words("en"))
    line = "+    x = f(`a`, " + "b, " * 30 + "c)"
    page.patch(line)
    assert rendered(page, None, False) == line + "\n"
    rows = rendered(page, Terminal(), True).splitlines()
    assert len(rows) == 2
    assert rows[1].startswith("    b, ")
    assert "".join(rows).replace(" ", "") == line.replace(" ", "")


def test_code_keeps_its_backticks() -> None:
    """What a learner's code holds between backticks is no command: in colours, too, they stay."""
    page = Page(Words("en"))
    page.code('encode("`a`")')
    page.add("Type `llmex next`.")
    stream = io.StringIO()
    console = Console(
        file=stream, force_terminal=True, color_system="standard", theme=Theme(STYLES)
    )
    console.print(page)
    assert 'encode("`a`")' in stream.getvalue()
    assert "`llmex" not in stream.getvalue()
