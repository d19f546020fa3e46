"""The screen of several checks: one line for each exercise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from llmex.cli.page import MARKS, Page
from llmex.cli.screens.report import state
from llmex.cli.words import Words
from llmex.grader.report import Verdict


@dataclass(frozen=True)
class Result:
    """What came of one exercise."""

    id: str
    title: str
    verdict: Verdict
    stands: bool = False  # its quick checks pass, and its pass is of the answer as it is now

    @property
    def good(self) -> bool:
        """Whether there is nothing to do for it."""
        return self.stands or self.verdict.outcome == "passed"


def results(words: Words, found: Sequence[Result], *, plain: bool = False) -> Page:
    """One line for each, and what to look at first."""
    page = Page(words, plain=plain)
    width = max(len(result.id) for result in found)
    lost = [result for result in found if not result.good]
    for result in found:
        half = result.verdict.outcome == "unfinished"
        kind = "good" if result.good else "dot" if half else "bad"
        said = words.say("check.stands") if result.stands else state(words, result.verdict)
        if plain:
            page.mark(kind, f"{result.id}, {said}")
        else:
            left = Text.assemble(MARKS[kind], result.id.ljust(width))
            page.cells(left, result.title, said)
    page.gap()
    quick = [result.id for result in found if result.verdict.outcome == "unfinished"]
    if quick:
        page.add(words.say("check.long-left-out", id=quick[0]), indent=1)
    if lost:
        count = len(found) - len(lost)
        page.add(words.say("check.some-passed", passed=count, n=len(found)), indent=1)
        page.next((words.say("next.look-at"), f"llmex check {lost[0].id}", ""))
    else:
        page.add(words.say("check.all-passed", n=len(found)), indent=1)
        page.next((words.say("next.go-on"), "llmex next", ""))
    return page
