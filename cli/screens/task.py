"""The screen of a task: what to write, in which file, how long it takes; and the notes."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from llmex.cli.page import Page
from llmex.cli.words import Words
from llmex.grader.scrub import scrub


@dataclass(frozen=True)
class Task:
    """An exercise as its learner meets it; texts are in their language, paths as they type them."""

    id: str
    title: str
    summary: str
    module: str
    minutes: int
    uses: str
    answer: str = ""
    notes: str = ""
    place: tuple[int, int] | None = None  # on the track: (third, of 25)
    needs: tuple[str, ...] = ()  # not passed yet
    state: tuple[str, ...] = ()  # what is known of earlier attempts
    current: bool = False


def task(words: Words, task: Task, *, plain: bool = False) -> Page:
    """What to write, and where."""
    page = Page(words, plain=plain)
    say = words.say
    facts = [say("task.minutes", n=task.minutes)]
    if task.place:
        facts.insert(0, say("task.place", place=task.place[0], n=task.place[1]))
    page.head(task.id, task.module, " · ".join(facts))
    page.add(Text(task.title, "head"), indent=1)
    page.gap()
    page.add(task.summary)
    page.gap()
    rows = [("write", task.answer), ("read", task.notes), ("uses", task.uses)]
    rows += [("needs", ", ".join(task.needs)), ("so-far", " · ".join(task.state))]
    shown = [(say(f"task.{key}"), value) for key, value in rows if value]
    width = max(cell_len(label) for label, _ in shown) + 3
    for label, value in shown:
        page.item(label, value, width, style="quiet")
    page.gap()
    return page


def now(
    words: Words, this: Task, *, fresh: bool = False, notes: tuple[str, ...] = (), plain: bool
) -> Page:
    """The exercise to do now; `notes` are said first."""
    page = Page(words, plain=plain)
    said = [words.say("task.made"), *notes] if fresh else notes
    for note in said:
        page.mark("done", note)
        page.gap()
    page.lines += task(words, this, plain=plain).lines
    page.next(
        (words.say("next.check"), "llmex check", ""), (words.say("next.notes"), "llmex show", "")
    )
    return page


def made(words: Words, where: str, *, here: bool, plain: bool) -> Page:
    """A workspace was made."""
    page = Page(words, plain=plain)
    page.mark("done", words.say("task.made") if here else words.say("task.made-there", path=where))
    command = "llmex next" if here else f"cd {shlex.quote(where)} && llmex next"
    page.next((words.say("next.begin"), command, ""))
    return page


def complete(words: Words, *, plain: bool) -> Page:
    """Nothing is left to do."""
    page = Page(words, plain=plain)
    page.mark("done", words.say("task.complete"))
    page.next((words.say("next.look-back"), "llmex list", ""))
    return page


def lesson(words: Words, this: Task | None, notes: str | None, *, plain: bool) -> RenderableType:
    """The task, the notes, or both."""
    parts: list[RenderableType] = []
    if this is not None:
        parts.append(task(words, this, plain=plain))
    if notes:
        from llmex.cli.screens.notes import notes as formatted  # which only this screen needs

        parts.append(formatted(scrubbed(notes), plain=plain))
    if this is not None:
        page = Page(words, plain=plain)
        command = "llmex check" if this.current else f"llmex next {this.id}"
        page.next((words.say("next.check" if this.current else "next.begin"), command, ""))
        parts.append(page)
    return Group(*parts)


def hint(
    words: Words, id_: str, module: str, shown: Sequence[str], level: int, of: int, whose: str,
    *, plain: bool,
) -> Page:  # fmt: skip
    """One hint, or all of them; a hint may hold lines of code."""
    page = Page(words, plain=plain)
    if not of:
        page.head(id_, module)
        page.add(words.say("hint.none"))
    elif len(shown) == 1 and of > 1:
        page.head(id_, module, words.say("hint.head", level=level, n=of))
        _hint(page, shown[0])
    else:
        page.head(id_, module, words.say("hint.all", n=of))
        for number, text in enumerate(shown, 1):
            page.add(f"{number}.", "quiet", indent=1)
            _hint(page, text)
    page.gap()
    steps = [(words.say("next.check"), f"llmex check{whose}", "")]
    if level < of:
        steps.append((words.say("next.another-hint"), f"llmex hint{whose}", ""))
    page.next(*steps)
    return page


def _hint(page: Page, text: str) -> None:
    """Lines between ``` and indented ones are code; the others are sentences."""
    fenced = False
    for line in scrubbed(text).strip("\n").split("\n"):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            page.code(line)
        else:
            page.add(line)


def scrubbed(text: str) -> str:
    """A text of a course, whole and harmless."""
    return scrub(text, 200_000, keep_newlines=True)
