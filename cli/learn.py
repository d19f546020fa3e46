"""The commands of a learner's round: init, next, show, hint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmex.cli.session import Session
from llmex.cli.tasks import facts_of, task_of
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.grader.catalog import Exercise

One = Annotated[str | None, typer.Argument(metavar="EXERCISE")]
Open = Annotated[bool, typer.Option("--open")]


def init_(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH")],
    track: Annotated[str | None, typer.Option("--track", metavar="NAME")] = None,
) -> int:
    """Make a workspace in a new folder, an empty one, or one with nothing but answers in it."""
    from llmex.cli.screens.task import made
    from llmex.grader import workspace

    session: Session = ctx.obj
    if track:
        session.course.track(track)
    modules = [module.id for module in session.course.modules]
    if path.exists() and not (path.is_dir() and workspace.is_free(path, modules)):
        raise LlmexError(
            "{path} has other things in it.",
            "Choose a folder that is empty, or one that is not there yet.",
            path=str(path),
        )
    there = workspace.create(path, **_chosen(session), track=track)
    where = session.typed(there.root)
    session.emit(workspace=str(there.root))
    session.show(made(session.words, where, here=where == ".", plain=session.plain))
    return 0


def next_(ctx: typer.Context, exercise: One = None, open_: Open = False) -> int:
    """Bring the exercise to do now, in a workspace that is made here if need be."""
    from llmex.cli import opening
    from llmex.cli.screens import task as screen
    from llmex.grader import progress

    session: Session = ctx.obj
    opening.refuse_json(session, open_)
    fresh = _workspace_here(session)
    chosen = session.course.find(exercise) if exercise else None
    now = chosen or progress.next_exercise(session.progress, session.course)
    if now is None:
        session.emit(exercise=None, complete=True)
        session.show(screen.complete(session.words, plain=session.plain))
        return 0
    this = session.course.exercise(now)
    laid = session.workspace.start(this, session.lang)
    stub = laid.stub_hash if laid.created else None
    session.record(lambda p: progress.started(p, now, version=this.version, stub_hash=stub))
    session.emit(exercise=facts_of(session, this), made_workspace=fresh, new_file=laid.created)
    task = task_of(session, this)
    notes = (_track_done(session),) if not fresh and _track_done(session) else ()
    session.show(screen.now(session.words, task, fresh=fresh, notes=notes, plain=session.plain))
    opening.opened(session, this, asked=open_)
    return 0


def _chosen(session: Session) -> dict[str, Any]:
    """What a new workspace remembers of the flags."""
    course = session.flags.course
    return {
        "language": session.flags.lang or None,
        "course": Path(course).expanduser() if course else None,
    }


def _workspace_here(session: Session) -> bool:
    """Make a workspace in this folder if it lies in none; whether it was made."""
    from llmex.grader import workspace

    if session.maybe_workspace is not None:
        return False
    if not workspace.is_free(session.here):
        if workspace.is_free(session.here, [module.id for module in session.course.modules]):
            raise LlmexError(
                "This folder holds answers, but no progress.yaml.",
                "`llmex init .` makes it a workspace; then `llmex check --all` judges them.",
            )
        raise LlmexError(
            "This folder has other things in it, and is no workspace of llmex.",
            "Go to an empty folder, or make one:  llmex init PATH",
        )
    workspace.create(session.here, **_chosen(session))
    return True


def _track_done(session: Session) -> str:
    """Say that the whole track has passed, where it has."""
    name = session.progress.track or session.course.default_track
    track = session.course.track(name)
    if len(track) < len(session.course.ids) and all(session.progress.done(e) for e in track):
        return session.words.say("task.track-complete", track=name)
    return ""


def show_(
    ctx: typer.Context,
    exercise: One = None,
    notes: Annotated[bool, typer.Option("--notes")] = False,
    task: Annotated[bool, typer.Option("--task")] = False,
    open_: Open = False,
) -> int:
    """Show an exercise's task and notes, or open them; without --open this needs no workspace."""
    from llmex.cli import opening, pager
    from llmex.cli.screens.task import lesson
    from llmex.grader.store import course_text

    session: Session = ctx.obj
    opening.refuse_json(session, open_)
    this = session.exercise(exercise)
    if open_:
        session.show(lesson(session.words, task_of(session, this), None, plain=session.plain))
        opening.opened(session, this, asked=True)
        return 0
    path = this.notes_path(session.lang)
    text = course_text(path) if path.is_file() else ""
    session.emit(exercise=facts_of(session, this), notes=text)
    shown = lesson(
        session.words,
        None if notes and not task else task_of(session, this),
        None if task and not notes else text,
        plain=session.plain,
    )
    pager.show(session, shown)
    return 0


def hint_(ctx: typer.Context, exercise: One = None) -> int:
    """Show one hint more than were seen, and record it; after the last, all of them."""
    from llmex.cli.screens.task import hint
    from llmex.cli.trouble import after

    session: Session = ctx.obj
    this = session.exercise(exercise)
    hints = this.hints_in(session.lang)
    entry = session.progress.entry(this.id)
    seen = entry.hints_seen if entry else 0
    level = min(seen + 1, len(hints))
    if session.maybe_workspace and level > seen:
        _count_hint(session, this, level)
    shown = hints if seen >= len(hints) else hints[level - 1 : level]
    session.emit(exercise=this.id, level=level, of=len(hints), hints=list(shown))
    whose = "" if session.progress.current == this.id else f" {this.id}"
    session.show(
        hint(
            session.words,
            this.id,
            session.module_title(this.id),
            shown,
            level,
            len(hints),
            whose,
            plain=session.plain,
        )
    )
    return after(session, 0)


def _count_hint(session: Session, this: Exercise, level: int) -> None:
    """Note that a hint was seen; it is shown, too, where no disk takes the note."""
    from llmex.grader.progress import hint_seen

    try:
        session.record(lambda p: hint_seen(p, this.id, level, version=this.version))
    except LlmexError as error:
        if session.flags.json:
            raise
        session.unsaved = error
