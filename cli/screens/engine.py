"""The screens of the engine: whether it runs, since when, what it holds; and that it ends."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from llmex.cli.page import Page
from llmex.cli.words import Words

WORTH_NAMING = ("torch", "numpy")


def status(
    words: Words, engines: Sequence[Mapping[str, Any]], *, off: bool, plain: bool = False
) -> Page:
    """One paragraph for each engine that runs."""
    page = Page(words, plain=plain)
    if off:
        page.mark("dot", words.say("engine.off"))
    for engine in engines:
        page.mark("done" if engine["current"] else "dot", _running(words, engine))
        page.add(_holds(words, engine))
    if not engines:
        page.mark("dot", words.say("engine.none"))
        page.next((words.say("next.check"), "llmex check", ""))
    else:
        page.next((words.say("next.end-it"), "llmex engine stop", ""))
    return page


def _running(words: Words, engine: Mapping[str, Any]) -> str:
    key = "engine.running" if engine["current"] else "engine.older"
    since = time.strftime("%H:%M", time.localtime(float(engine["started"])))
    return words.say(key, time=since, pid=int(engine["pid"]))


def _holds(words: Words, engine: Mapping[str, Any]) -> str:
    jobs = words.say("engine.jobs", n=int(engine["jobs"]))
    held = [name for name in WORTH_NAMING if name in engine["loaded"]]
    mb = round(int(engine["resident"]) / 1e6)
    key = "engine.holds" if held else "engine.holds-little"
    return f"{jobs} {words.say(key, names=', '.join(held), mb=mb)}"


def stopped(words: Words, engines: Sequence[Mapping[str, Any]], *, plain: bool = False) -> Page:
    """What was ended, or that there was nothing to end."""
    page = Page(words, plain=plain)
    if not engines:
        page.mark("dot", words.say("engine.none"))
    elif any(engine["judging"] for engine in engines):
        page.mark("done", words.say("engine.ends-soon"))
    else:
        page.mark("done", words.say("engine.stopped", n=len(engines)))
    page.next((words.say("next.check"), "llmex check", ""))
    return page
