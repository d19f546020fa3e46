"""The screens of `llmex break`: what can be broken, and what one change does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from llmex.cli.page import Page
from llmex.cli.screens import evidence
from llmex.cli.screens.report import LOST, title_of
from llmex.cli.words import Own, Words
from llmex.grader.report import Report
from llmex.grader.scrub import scrub

LINES = 10  # of a difference
WHOLE = 2  # broken promises that are shown with their values


@dataclass(frozen=True)
class Break:
    """One change to the solution: what it is in a sentence and in code, in the learner's words."""

    says: str
    lines: tuple[str, ...]  # of the difference, each behind - or +
    titles: Mapping[str, str] = field(default_factory=dict)
    own: Own = None


def choices(
    words: Words, exercise: str, module: str, says: Mapping[str, str], *, plain: bool = False
) -> Page:
    """What can be broken in an exercise, numbered."""
    page = Page(words, plain=plain)
    page.head(exercise, module)
    page.gap()
    page.add(words.say("break.what-if"))
    page.gap()
    for number, text in enumerate(says.values(), 1):
        page.item(f"{number:>2}", scrub(text, 600), 5)
    page.gap()
    page.next((words.say("break.try"), f"llmex break {exercise} 1", ""))
    return page


def broken(
    words: Words,
    module: str,
    report: Report,
    change: Break,
    *,
    every: bool = False,
    plain: bool = False,
) -> Page:
    """What one change does: the code, what holds all the same, and what no longer does."""
    page = Page(words, plain=plain)
    verdict = report.verdict
    state = words.say("break.holds", passed=verdict.passed, n=len(verdict.checks))
    page.head(report.exercise, module, state)
    page.gap()
    page.add(scrub(change.says, 600), "warn")
    _difference(page, change.lines)
    page.gap()
    if verdict.problem:
        page.mark("bad", evidence.sentence(page, verdict.problem, change.own))
        evidence.quoted(page, verdict.lines, "")
    lost = [check for check in verdict.checks if check.outcome in LOST]
    for number, check in enumerate(lost):
        page.mark("bad", title_of(check, change.titles), "head" if number < WHOLE or every else "")
        if check.counterexample and (number < WHOLE or every):
            evidence.counterexample(page, check.counterexample, change.own)
        if check.outcome == "stopped" and verdict.stop:
            page.add(evidence.sentence(page, verdict.stop, change.own), indent=5)
    for check in verdict.checks:
        if check.outcome == "passed":
            page.mark("good", title_of(check, change.titles), "quiet")
    page.gap()
    page.next((words.say("break.more"), f"llmex break {report.exercise}", ""))
    return page


def _difference(page: Page, lines: tuple[str, ...]) -> None:
    """The change as code: what stood there, and what stands there now."""
    for line in lines[:LINES]:
        page.code(scrub(line, 200), "bad" if line.startswith("-") else "good", fold=True)
    if len(lines) > LINES:
        page.code(page.words.say("report.lines-left-out", n=len(lines) - LINES))
