"""The screen of the settings: what each is, and how to change it."""

from __future__ import annotations

from collections.abc import Mapping

from rich.cells import cell_len

from llmex.cli.page import Page
from llmex.cli.words import Words


def settings(words: Words, now: Mapping[str, str], *, changed: bool, plain: bool) -> Page:
    """Every setting, its value, and what it means."""
    page = Page(words, plain=plain)
    column = max(max(map(len, now)) + 2, 10)
    value = max(cell_len(value) for value in now.values()) + 3
    for name, is_ in now.items():
        about = words.say(f"setting.{name}")
        text = f"{is_}{' ' * (value - cell_len(is_))}{about}"
        if changed:
            page.mark("done", f"{name}: {is_}")
        else:
            page.item(name, text, column)
    page.gap()
    if changed:
        page.next((words.say("next.go-on"), "llmex next", ""))
    else:
        page.next((words.say("next.change-setting"), "llmex settings open always", ""))
    return page
