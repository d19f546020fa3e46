"""The commands that keep house: reset and restore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from llmex.cli.session import Session
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.grader.workspace import Backup

One = Annotated[str | None, typer.Argument(metavar="EXERCISE")]


def reset_(ctx: typer.Context, exercise: One = None) -> int:
    """Put the stub of an exercise back; what was there is kept."""
    from llmex.cli.screens.keeping import was_reset

    session: Session = ctx.obj
    this = session.exercise(exercise)
    kept = session.workspace.reset(this)
    file = session.typed(session.workspace.path(this))
    session.emit(exercise=this.id, file=file, backup=_name(kept))
    session.show(was_reset(session.words, this.id, file, _name(kept), plain=session.plain))
    return 0


def restore_(
    ctx: typer.Context,
    exercise: One = None,
    copy: Annotated[str | None, typer.Argument(metavar="COPY")] = None,
) -> int:
    """List the kept copies, of one exercise or of all; or bring one back."""
    from llmex.cli.screens.keeping import kept_copies, was_restored

    session: Session = ctx.obj
    this = session.exercise(exercise) if exercise else None
    copies = session.workspace.backups(this)
    if this is None or copy is None:
        names = [(backup.file_name, backup.time) for backup in copies]
        session.emit(copies=[{"file": file, "copy": time} for file, time in names])
        session.show(
            kept_copies(session.words, names, this.id if this else "", plain=session.plain)
        )
        return 0
    backup = _chosen(copies, copy, this.id)
    replaced = session.workspace.restore(backup, this)
    file = session.typed(session.workspace.path(this))
    session.emit(exercise=this.id, file=file, copy=backup.time, backup=_name(replaced))
    session.show(
        was_restored(
            session.words, this.id, file, backup.time, _name(replaced), plain=session.plain
        )
    )
    return 0


def _name(backup: Backup | None) -> str | None:
    return backup.time if backup else None


def _chosen(copies: tuple[Backup, ...], name: str, exercise: str) -> Backup:
    """The copy of this name; `last` is the newest."""
    if name == "last" and copies:
        return copies[0]
    for backup in copies:
        if backup.time == name:
            return backup
    raise LlmexError(
        "There is no copy '{name}' of {id}.",
        "`llmex restore {id}` lists the copies.",
        name=name,
        id=exercise,
    )
