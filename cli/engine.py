"""The commands that look at the warm engine behind check and watch, and end it."""

from __future__ import annotations

import os
from typing import Any

import typer

from llmex.cli.session import Session


def engine_status_(ctx: typer.Context) -> int:
    """Show whether an engine runs, what it has done and what it holds."""
    from llmex.cli.screens.engine import status
    from llmex.grader.engine.warm import ask

    session: Session = ctx.obj
    engines = ask("status")
    session.emit(engines=engines, off=_is_off())
    session.show(status(session.words, engines, off=_is_off(), plain=session.plain))
    return 0


def engine_stop_(ctx: typer.Context) -> int:
    """End every engine of this installation, each when the check that it is busy with is done."""
    from llmex.cli.screens.engine import stopped
    from llmex.grader.engine.warm import ask

    session: Session = ctx.obj
    engines: list[dict[str, Any]] = ask("stop")
    session.emit(engines=engines)
    session.show(stopped(session.words, engines, plain=session.plain))
    return 0


def _is_off() -> bool:
    return os.environ.get("LLMEX_ENGINE") == "off"
