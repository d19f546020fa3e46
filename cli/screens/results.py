"""The screen of several checks: one line for each exercise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from llmex.cli.page import Page
from llmex.cli.words import Words
from llmex.grader.report import Verdict


@dataclass(frozen=True)
class Result:
    """What came of one exercise."""

    id: str
    title: str
    verdict: Verdict


def results(words: Words, found: Sequence[Result], *, plain: bool = False) -> Page:
    """One line for each, and what to look at first."""
    page = Page(words, plain=plain)
    width = max(len(result.id) for result in found)
    lost = [result for result in found if result.verdict.outcome != "passed"]
    for result in found:
        good = result.verdict.outcome == "passed"
        state = _state(words, result.verdict)
        if plain:
            page.mark("good" if good else "bad", f"{result.id}, {state}")
        else:
            sign = ("✓ ", "good") if good else ("✗ ", "bad")
            left = Text.assemble(sign, result.id.ljust(width))
            page.cells(left, result.title, state)
    page.gap()
    if lost:
        count = len(found) - len(lost)
        page.add(words.say("check.some-passed", passed=count, n=len(found)), indent=1)
        page.next((words.say("next.look-at"), f"llmex check {lost[0].id}", ""))
    else:
        page.add(words.say("check.all-passed", n=len(found)), indent=1)
        page.next((words.say("next.go-on"), "llmex next", ""))
    return page


def _state(words: Words, verdict: Verdict) -> str:
    if verdict.outcome in ("not-started", "grader-error", "delegated"):
        return words.say(f"report.{verdict.outcome}-short")
    if verdict.problem:
        return words.say("report.not-loaded")
    return words.say("report.counted", passed=verdict.passed, n=len(verdict.checks))
