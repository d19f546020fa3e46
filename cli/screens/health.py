"""The screen of the doctor: one line for each thing that llmex needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from llmex.cli.page import Page
from llmex.cli.words import Words
from llmex.grader.scrub import scrub


@dataclass(frozen=True)
class Finding:
    """A sentence; `good` is None for what llmex can do without; `command` mends it."""

    says: str
    good: bool | None = True
    command: str = ""


def health(words: Words, found: Sequence[Finding], *, plain: bool = False) -> Page:
    """What works, what does not, and what to do about it."""
    page = Page(words, plain=plain)
    page.head("llmex", words.say("brief.doctor"))
    page.gap()
    for finding in found:
        kind = {True: "works", False: "trouble", None: "dot"}[finding.good]
        page.mark(kind, scrub(finding.says, 600))
    page.gap()
    commands = [finding.command for finding in found if finding.command]
    if all(finding.good is not False for finding in found):
        page.add(words.say("doctor.well"), indent=1)
        page.next((words.say("next.go-on"), "llmex next", ""))
    else:
        page.add(words.say("doctor.ill"), indent=1)
        page.next(*[(words.say("next.mend"), command, "") for command in commands] or [
            (words.say("next.again"), "llmex doctor", "")
        ])  # fmt: skip
    return page
