"""The screens of an author: what was laid out, what was found in each exercise, what is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from llmex.cli.page import Page
from llmex.cli.words import Words
from llmex.grader.scrub import scrub

if TYPE_CHECKING:
    from llmex.grader.author.check import Checked
    from llmex.grader.author.skeleton import Laid
    from llmex.grader.errors import LlmexError

LONGEST = 1500  # characters of one finding


def laid(words: Words, done: Laid, files: Sequence[str], course: str, *, plain: bool) -> Page:
    """The files of a new exercise, in which its author finds the questions."""
    page = Page(words, plain=plain)
    key = "author.new-course" if done.new_course else "author.new-exercise"
    page.add(words.say(key, id=done.exercise, course=course), indent=1)
    page.gap()
    for name in files:
        page.bare(f"   {name}")
    page.gap()
    page.add(words.say("author.runs"), indent=1)
    page.next((words.say("next.answer"), f"llmex author check {done.exercise}", ""))
    return page


def proved(
    words: Words,
    found: Sequence[Checked],
    limits: Mapping[str, Mapping[str, float]],
    *,
    plain: bool,
) -> Page:
    """Every exercise with its findings, and what they come to."""
    page = Page(words, plain=plain)
    for one in found:
        if one.exercise or one.findings:
            _one(page, words, one)
    exercises = [one for one in found if one.exercise]
    if len(exercises) == 1 and exercises[0].slowest:
        name, seconds = max(exercises[0].slowest.items(), key=lambda item: item[1])
        limit = limits.get(exercises[0].exercise, {}).get(name, 0.0)
        fields = {"check": name, "s": f"{seconds:.2f}", "limit": f"{limit:g}"}
        page.add(words.say("author.slowest", **fields), "quiet")
    page.gap()
    _sum(page, words, found)
    return page


def exported(words: Words, files: Sequence[str], *, plain: bool) -> Page:
    """The schemas that were written."""
    page = Page(words, plain=plain)
    page.add(words.say("author.exported"), indent=1)
    for name in files:
        page.bare(f"   {name}")
    return page


def _one(page: Page, words: Words, one: Checked) -> None:
    name = one.exercise or words.say("author.course")
    if one.trouble is not None:
        page.mark("bad", f"{name}: {words.say('author.not-judged')}")
        finding(page, words, one.trouble)
    elif not one.findings:
        judged = words.say("author.clean", n=one.mistakes, s=f"{one.seconds:.1f}")
        page.mark("good", f"{name}: {judged}")
    else:
        page.mark("bad", f"{name}: {words.say('author.findings', n=len(one.findings))}")
    for error in one.findings:
        finding(page, words, error)


def finding(page: Page, words: Words, error: LlmexError) -> None:
    """What is wrong, and below it what to do about it."""
    page.add(scrub(words.sentence(error.problem), LONGEST), indent=3)
    page.add(scrub(words.sentence(error.remedy), LONGEST), "quiet", indent=5)


def _sum(page: Page, words: Words, found: Sequence[Checked]) -> None:
    exercises = [one for one in found if one.exercise]
    bad = [one for one in found if one.findings or one.trouble]
    if bad:
        count = sum(len(one.findings) for one in bad)
        if len(bad) > 1 and count:
            page.add(words.say("author.findings", n=count), indent=1)
        again = "--all" if len(bad) > 1 or not bad[0].exercise else bad[0].exercise
        page.next((words.say("next.again"), f"llmex author check {again}", ""))
    else:
        page.add(words.say("author.all-clean", n=len(exercises)), indent=1)
