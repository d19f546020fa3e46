"""The screens of watch: what it looks at, what was saved, which keys there are."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from llmex.cli.page import Page
from llmex.cli.words import Words

KEYS = {"n": "next", "h": "hint", "s": "solution", "q": "quit"}


def begins(words: Words, path: str, *, judged: bool) -> Page:
    """What is watched; `judged` if a verdict comes at once."""
    page = Page(words)
    page.add(words.say("watch.begins" if judged else "watch.waits", path=path), indent=1)
    return page


def saved(words: Words, path: str, time: str) -> Page:
    """A line between the last verdict and the next."""
    page = Page(words)
    page.gap()
    page.row(Text(words.say("watch.saved", path=path), style="quiet"), time)
    return page


def keys(words: Words, letters: Sequence[str]) -> Page:
    """What can be pressed now."""
    page = Page(words)
    line = Text()
    for letter in letters:
        line.append(letter, style="command")
        line.append(f" {words.say('watch.' + KEYS[letter])}   ", style="quiet")
    line.append(words.say("watch.or-save"), style="quiet")
    page.gap()
    page.add(line, indent=1)
    return page


def note(words: Words, key: str, *, plain: bool = False, **fields: str | int) -> Page:
    """One sentence about the watching itself."""
    page = Page(words, plain=plain)
    page.mark("dot", words.say(f"watch.{key}", **fields))
    return page
