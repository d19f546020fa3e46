"""The screen of a task: what to write, in which file, how long it takes; and the notes."""

from __future__ import annotations

from dataclasses import dataclass

from llmex.cli.page import Page
from llmex.cli.words import Words
from rich.cells import cell_len
from rich.text import Text


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
