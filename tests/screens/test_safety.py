"""What a screen does with hostile texts, long commands and many checks."""

from __future__ import annotations

import dataclasses
import io
import unicodedata

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.theme import Theme

from llmex.cli.page import Page
from llmex.cli.screens import course, report, task
from llmex.cli.session import STYLES, rendered
from llmex.cli.words import Words
from llmex.cli.wrapping import breaks
from llmex.grader.report import (
    Check,
    Counterexample,
    Diagnosis,
    Report,
    Sentence,
    Verdict,
)
from tests.screens.ground import CASE, PAGES, STANDING, TASK, around, checks, of, text

HOSTILE = "\x1b[31mred\x1b]8;;http://x\x07 [bold]b[/bold] \u202ertl \r\x08 $(id) `id` \ud800"


def hostile_report() -> Report:
    """A report in which everything that comes from a learner is hostile."""
    case = Counterexample(
        (HOSTILE,), HOSTILE, HOSTILE, HOSTILE, HOSTILE, Sentence("{x}", {"x": HOSTILE}),
        Sentence("{x}", {"x": HOSTILE}), Sentence(HOSTILE), (HOSTILE,) * 40, HOSTILE * 300,
    )  # fmt: skip
    verdict = Verdict(
        "failed", (Check("a", HOSTILE, "failed", case), Check("b", HOSTILE, "passed")),
        Sentence("{x}", {"x": HOSTILE}), None, (HOSTILE,), HOSTILE * 100, 3, (HOSTILE,),
    )  # fmt: skip
    return of(verdict, Diagnosis("x", HOSTILE, 1), yours=(HOSTILE,), provided=(HOSTILE,))


@pytest.mark.parametrize("outcome", ["failed", "delegated", "grader-error", "passed", "stopped"])
def test_hostile_text_does_nothing(outcome: str) -> None:
    """No control, format or surrogate character of an answer reaches the terminal, nor markup."""
    subject = hostile_report()
    verdict = dataclasses.replace(subject.verdict, outcome=outcome)  # type: ignore[arg-type]
    for problem in (None, Sentence("{x}", {"x": HOSTILE})):
        told = dataclasses.replace(subject, verdict=dataclasses.replace(verdict, problem=problem))
        shown = text(report.page(Words("en"), told, around("en")), 120)
        bad = {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co")}
        assert bad == {"\n"}
        assert shown.count("\n") < 60


def test_hostile_titles_do_nothing() -> None:
    """A course from elsewhere cannot reach the terminal through its titles either."""
    row = course.Row("an-id", HOSTILE, HOSTILE, "new", 5, 1, note=HOSTILE)
    told = dataclasses.replace(TASK, title=HOSTILE, summary=HOSTILE, module=HOSTILE, uses=HOSTILE)
    for plain in (False, True):
        pages = [
            course.exercises(Words("en"), HOSTILE, [row], plain=plain),
            course.standing(Words("en"), dataclasses.replace(STANDING, track=HOSTILE), plain=plain),
            task.task(Words("en"), told, plain=plain),
            task.hint(Words("en"), "an-id", HOSTILE, (HOSTILE,), 1, 1, "", plain=plain),
        ]
        for page in pages:
            bad = {c for c in text(page) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co")}
            assert bad == {"\n"}


def test_markup_of_an_answer_is_shown_as_it_is() -> None:
    """`[bold]` in an answer is six characters, not a style."""
    case = dataclasses.replace(CASE, got="[bold]x[/bold] :smile:")
    told = of(Verdict("failed", checks("f", case)))
    assert "[bold]x[/bold] :smile:" in text(report.page(Words("en"), told, around("en")))


def test_many_passed_checks_are_one_line() -> None:
    """A long suite does not push what is wrong off the screen."""
    many = tuple(Check(f"test_{i}", f"Claim {i}", "passed") for i in range(30))
    told = of(Verdict("failed", (*many, *checks("f"))))
    assert "30 checks pass" in text(report.page(Words("en"), told, around("en")))


def test_chinese_breaks_between_characters() -> None:
    """A Chinese line is filled to its end, and no line begins with a closing sign."""
    chinese = "所有对错值都在这里，请先看第一处。" * 5
    cuts = breaks(chinese, 20, 20)
    rows = [chinese[a:b] for a, b in zip([0, *cuts], [*cuts, len(chinese)], strict=True)]
    assert all(cell_len(row) <= 20 for row in rows)
    assert all(cell_len(row) >= 16 for row in rows[:-1])
    assert not any(row[0] in "，。" for row in rows)


def test_a_command_is_never_broken() -> None:
    """What is to be typed stands on one line, and has ordinary spaces."""
    page = Page(Words("en"))
    page.next(("write your code in a/very/long/path/of/an/answer.py, then", "llmex check it", ""))
    lines = text(page, 62).splitlines()
    assert any("llmex check it" in line for line in lines)


def test_ticks_are_styled_with_colour_and_kept_without() -> None:
    """Between backticks stands what to type: in colour where there is one, else in the ticks."""
    page = Page(Words("en"))
    page.add("then `llmex list` shows them")
    assert "`llmex list`" in text(page)
    console = Console(
        file=io.StringIO(), width=80, theme=Theme(STYLES), force_terminal=True,
        color_system="standard", markup=False,
    )  # fmt: skip
    with console.capture() as caught:
        console.print(page)
    assert "`" not in caught.get()
    assert "\x1b[1;36mllmex list" in caught.get()


def test_a_bar_is_full_only_at_the_end() -> None:
    """One of a hundred is not nothing, and 99 of a hundred is not everything."""
    assert course.bar(0, 100).plain.count("━") == 0
    assert course.bar(1, 100).plain.count("━") == 1
    assert course.bar(99, 100).plain.count("┄") == 1
    assert course.bar(100, 100).plain.count("┄") == 0


def test_output_that_is_no_terminal_is_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or a pipe gets 80 columns without colours."""
    monkeypatch.delenv("COLUMNS", raising=False)
    page = PAGES["failed"]("en", False)
    shown = rendered(page, io.StringIO(), False)
    assert max(map(cell_len, shown.splitlines())) <= 80
    assert "\x1b" not in shown
