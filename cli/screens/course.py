"""The screens of a course: the list of its exercises, the learner's progress, its tracks."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from rich.cells import cell_len
from rich.text import Text

from llmex.cli.lines import ENOUGH
from llmex.cli.page import Page
from llmex.cli.words import Words

BAR = 8


@dataclass(frozen=True)
class Row:
    """One exercise in a list; `state` is passed, started or new."""

    id: str
    title: str
    module: str
    state: str
    minutes: int = 0
    difficulty: int = 0
    current: bool = False
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """How far a learner is: (passed, all) of each module, and the exercise they are at."""

    course: str
    track: str
    modules: Mapping[str, tuple[int, int]]  # by title
    now: str = ""
    facts: tuple[str, ...] = ()  # of the exercise they are at
    opens: Mapping[str, str] = field(default_factory=dict)  # by title: the modules that build on it
    stale: tuple[str, ...] = ()  # passed, and changed since
    older: tuple[str, ...] = ()  # passed in an earlier version
    renewed: tuple[str, ...] = ()  # begun from a stub that has changed since

    @property
    def passed(self) -> int:
        """How many exercises have passed."""
        return sum(passed for passed, _ in self.modules.values())

    @property
    def total(self) -> int:
        """How many exercises there are."""
        return sum(total for _, total in self.modules.values())


def exercises(words: Words, title: str, rows: Sequence[Row], *, plain: bool = False) -> Page:
    """The exercises in order, module by module."""
    page = Page(words, plain=plain)
    passed = sum(row.state == "passed" for row in rows)
    page.row(Text(title, "head"), words.say("status.passed", passed=passed, n=len(rows)))
    if not rows:
        page.add(words.say("list.nothing"))
    width = max((cell_len(row.id) for row in rows), default=0)
    module = ""
    for row in rows:
        if row.module != module:
            module = row.module
            page.gap()
            page.add(Text(module, "head"), indent=1)
        if plain:
            page.add(_spoken(words, row), indent=3)
        else:
            _row(page, row, width)
    page.gap()
    return page


def _row(page: Page, row: Row, width: int) -> None:
    sign, style = {"passed": ("✓", "good"), "started": ("·", "warn")}.get(row.state, (" ", ""))
    if row.current:
        sign, style = "▸", "command"
    left = Text.assemble((sign + " ", style), (row.id, "command" if row.current else ""))
    left.append(" " * (width - cell_len(row.id)))
    right = Text.assemble((row.note + "  " if row.note else "", "warn"))
    if row.minutes:
        right.append(page.words.say("list.minutes", n=row.minutes).rjust(7), style="quiet")
        right.append("  " + "●" * row.difficulty + "○" * (4 - row.difficulty), style="quiet")
    page.cells(left, row.title, right)


def _spoken(words: Words, row: Row) -> str:
    state = words.say("list.current" if row.current else f"list.{row.state}")
    parts = [row.id, row.title, state, row.note]
    if row.minutes:
        parts += [words.say("task.minutes", n=row.minutes)]
        parts += [words.say("list.difficulty", n=row.difficulty)]
    return ", ".join(part for part in parts if part)


def standing(words: Words, at: Standing, *, plain: bool = False) -> Page:
    """How much of each module has passed, and what comes now."""
    page = Page(words, plain=plain)
    page.head(at.course, at.track, words.say("status.passed", passed=at.passed, n=at.total))
    page.gap()
    width = max((cell_len(title) for title in at.modules), default=0)
    counts = (words.say("status.module", passed=p, n=n) for p, n in at.modules.values())
    room = max(map(cell_len, counts), default=0)
    for title, (passed, total) in at.modules.items():
        count = words.say("status.module", passed=passed, n=total)
        opens = at.opens.get(title, "")
        if plain:
            said = words.say("status.line", title=title, count=count)
            page.add(
                said + (f" ({words.say('status.opens', names=opens)})" if opens else ""), indent=1
            )
            continue
        page.fitted(
            functools.partial(_module, title, (passed, total), count, opens, width, room), indent=1
        )
    if at.now:
        page.gap()
        line = Text.assemble((words.say("status.now"), "quiet"))
        line.append(at.now, style="head")
        line.append("".join(f" · {fact}" for fact in at.facts), style="quiet")
        page.add(line, indent=1)
    _changed(page, at)
    page.gap()
    return page


def _module(
    title: str, part: tuple[int, int], count: str, opens: str, width: int, room: int, screen: int
) -> list[Text]:
    """A module with its bar, its count and what it opens, as far as there is room for them."""
    counted = Text(" " * (room - cell_len(count)) + count, style="quiet")
    if screen < width + 2 + BAR + 2 + room:
        left = Text(title)
        left.truncate(screen - room - 2, overflow="ellipsis", pad=True)
        left.pad_right(screen - room - left.cell_len)
        return [left + counted]
    row = Text(title + " " * (width - cell_len(title) + 2))
    row.append_text(Text.assemble(bar(*part), "  ", counted))
    if opens and screen - row.cell_len >= ENOUGH + 2:
        row.append(f"  → {opens}", style="quiet")
    return [row]


def _changed(page: Page, at: Standing) -> None:
    """What has changed since it passed or was begun, and what can be done about it."""
    say = page.words.say
    for key, ids, command in (
        ("stale", at.stale, "check"), ("older", at.older, "check"), ("renewed", at.renewed, "reset")
    ):  # fmt: skip
        if ids:
            page.gap()
            named = " ".join(ids if command == "check" else ids[:1])
            names, n = ", ".join(ids), len(ids)
            page.add(
                say(f"status.{key}", names=names, n=n, command=f"llmex {command} {named}"), indent=1
            )


def bar(passed: int, total: int, size: int = BAR) -> Text:
    """A bar of `size` cells; only nothing is empty and only everything is full."""
    cells = round(size * passed / max(total, 1))
    cells = min(max(cells, passed > 0), size - (passed < total))
    return Text.assemble(("━" * cells, "good"), ("┄" * (size - cells), "quiet"))


@dataclass(frozen=True)
class Path:
    """One track: how much of it has passed, and whether it is the learner's."""

    name: str
    title: str
    passed: int
    total: int
    current: bool


def paths(words: Words, found: Sequence[Path], *, changed: bool, plain: bool = False) -> Page:
    """The tracks of a course."""
    page = Page(words, plain=plain)
    width = max(len(path.name) for path in found)
    for path in found:
        count = words.say("status.module", passed=path.passed, n=path.total)
        if plain:
            now = words.say("list.current") if path.current else ""
            page.add(", ".join(filter(None, (path.name, path.title, now, count))), indent=1)
            continue
        sign = ("▸ ", "command") if path.current else ("  ", "")
        name = (path.name.ljust(width), "command" if path.current else "")
        page.cells(Text.assemble(sign, name), path.title, count)
    page.gap()
    if changed:
        page.next((words.say("next.go-on"), "llmex next", ""))
    else:
        page.next((words.say("next.change-track"), "llmex tracks NAME", ""))
    return page


def files(words: Words, found: Mapping[str, PurePath], *, alone: bool, plain: bool = False) -> Page:
    """Where data lie; `alone` is the bare path, to be used in another command."""
    page = Page(words, plain=plain)
    if alone:
        for path in found.values():
            page.bare(str(path))
        return page
    if not found:
        page.add(words.say("list.no-data"), indent=1)
    width = max(map(len, found), default=0) + 3
    for name, path in found.items():
        page.item(name, str(path), width)
    return page
