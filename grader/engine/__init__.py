"""A clean process that forks judges and workers; it stays warm for the next command."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from llmex.grader.engine.lines import Engine, EngineLost, Event, could_not_judge

__all__ = ["Engine", "Event", "judge", "open_engine"]


def open_engine(lines: int = 1) -> Engine:
    """The warm engine, or, where that cannot be (or LLMEX_ENGINE=off), one for this command.

    `lines` jobs can run at once. Use as a context manager.
    """
    if os.environ.get("LLMEX_ENGINE") != "off":
        from llmex.grader.engine.warm import NoWarmEngine, WarmEngine

        try:
            return WarmEngine()
        except NoWarmEngine:
            pass
    return _private(lines)


def judge(
    job: dict[str, Any],
    engine: Engine,
    on_event: Callable[[Event], None] | None = None,
) -> dict[str, Any]:
    """Run a job on `engine`; if that is lost on the way, once more on one of our own.

    Raises LlmexError (exit code 3) if there is no verdict even so.
    """
    try:
        return engine.run(job, on_event)
    except EngineLost:
        pass
    with _private(1) as own:
        try:
            return own.run(job, on_event)
        except EngineLost:
            could_not_judge(own.last_words())


def _private(lines: int) -> Engine:
    from llmex.grader.engine.private import PrivateEngine

    return PrivateEngine(lines)
