"""The screens of reset and restore: what was kept, and what came back."""

from __future__ import annotations

from collections.abc import Sequence

from llmex.cli.page import Page
from llmex.cli.words import Words


def was_reset(words: Words, id_: str, file: str, copy: str | None, *, plain: bool) -> Page:
    """The stub is back."""
    page = Page(words, plain=plain)
    if copy is None:
        page.mark("done", words.say("keep.is-stub", path=file))
        page.next((words.say("next.write", path=file), "llmex check", ""))
        return page
    page.mark("done", words.say("keep.was-reset", path=file, copy=copy))
    page.next(
        (words.say("next.write", path=file), "llmex check", ""),
        (words.say("next.undo"), f"llmex restore {id_} {copy}", ""),
    )
    return page


def kept_copies(words: Words, names: Sequence[tuple[str, str]], id_: str, *, plain: bool) -> Page:
    """The kept copies, newest first."""
    page = Page(words, plain=plain)
    if not names:
        page.add(words.say("keep.nothing"), indent=1)
        page.next((words.say("next.go-on"), "llmex next", ""))
        return page
    page.row(words.say("keep.copies", n=len(names)), words.say("keep.utc"))
    for file, time in names:
        page.item(time, file, max(len(time) for _, time in names) + 3)
    page.gap()
    page.next((words.say("next.bring-back"), f"llmex restore {id_ or 'ID'} {names[0][1]}", ""))
    return page


def was_restored(
    words: Words, id_: str, file: str, copy: str, replaced: str | None, *, plain: bool
) -> Page:
    """A copy is back in its place."""
    page = Page(words, plain=plain)
    page.mark("done", words.say("keep.was-restored", path=file, copy=copy))
    steps = [(words.say("next.check"), f"llmex check {id_}", "")]
    if replaced:
        steps.append((words.say("next.undo"), f"llmex restore {id_} {replaced}", ""))
    page.next(*steps)
    return page
