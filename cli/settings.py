"""The command that shows and changes what a workspace remembers of its learner's wishes."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from llmex.cli.flags import LANGUAGES
from llmex.cli.opening import ALWAYS, NEVER, SETTING
from llmex.cli.session import Session
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.grader.progress import Progress

NAMES = ("language", "track", SETTING)
Name = Annotated[str | None, typer.Argument(metavar="NAME")]
Value = Annotated[str | None, typer.Argument(metavar="VALUE")]


def settings_(ctx: typer.Context, name: Name = None, value: Value = None) -> int:
    """Show the settings of this workspace, or change one."""
    from llmex.cli.screens.settings import settings as screen

    session: Session = ctx.obj
    session.workspace  # noqa: B018  an error where there is none
    if name is not None and name not in NAMES:
        raise LlmexError(
            "There is no setting '{name}'.",
            "Settings are {names}; `llmex settings` shows them.",
            name=name, names=", ".join(NAMES),
        )  # fmt: skip
    if name is not None and value is not None:
        _valid(session, name, value)
        session.record(lambda progress: _changed(progress, name, value))
    now = {key: val for key, val in _now(session).items() if name in (None, key)}
    session.emit(settings=now)
    session.show(screen(session.words, now, changed=value is not None, plain=session.plain))
    return 0


def values(session: Session, name: str) -> tuple[str, ...]:
    """What a setting may be."""
    if name == "language":
        return LANGUAGES
    if name == "track":
        return (*session.course.tracks, "full")
    return (ALWAYS, NEVER) if name == SETTING else ()


def _valid(session: Session, name: str, value: str) -> None:
    if name == "track":
        session.course.track(value)
    elif value not in values(session, name):
        raise LlmexError(
            "The setting {name} takes {values}, not '{value}'.",
            "For example:  llmex settings {name} {first}",
            name=name, values=" / ".join(values(session, name)), value=value,
            first=values(session, name)[0],
        )  # fmt: skip


def _now(session: Session) -> dict[str, str]:
    progress = session.progress
    return {
        "language": progress.language or session.lang,
        "track": progress.track or session.course.default_track,
        SETTING: progress.open or NEVER,
    }


def _changed(progress: Progress, name: str, value: str) -> Progress:
    if name == SETTING:
        return dataclasses.replace(progress, open=value)
    if name == "track":
        return dataclasses.replace(progress, track=value)
    return dataclasses.replace(progress, language=value)
