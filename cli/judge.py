"""The command that judges: check."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmex.cli.judging import around, exit_code, judged, kept, plain
from llmex.cli.session import Session
from llmex.cli.trouble import after
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.grader.catalog import Exercise
    from llmex.grader.report import Report

Several = Annotated[list[str] | None, typer.Argument(metavar="EXERCISE")]


def check_(
    ctx: typer.Context,
    exercises: Several = None,
    every: Annotated[bool, typer.Option("--every")] = False,
    all_: Annotated[bool, typer.Option("--all")] = False,
    explain: Annotated[bool, typer.Option("--explain")] = False,
    quick: Annotated[bool, typer.Option("--quick")] = False,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE")] = None,
) -> int:
    """Judge the current exercise, or those that are named, and record what came of it.

    Long checks run only for exercises that are named, or the current one: with --all all are quick.
    """
    session: Session = ctx.obj
    chosen = _chosen(session, exercises or [], all_, file)
    if len(chosen) == 1 and not all_:
        return _one(session, chosen[0], file, every or explain, explain, quick)
    return _many(session, chosen, quick or all_)


def _chosen(
    session: Session, names: list[str], all_: bool, file: Path | None
) -> tuple[Exercise, ...]:
    if file and (all_ or len(names) != 1):
        raise LlmexError(
            "--file needs the one exercise that the file is for.",
            "For example:  llmex check stable-softmax --file {file}",
            file=str(file),
        )
    if not all_:
        return tuple(session.exercise(name) for name in dict.fromkeys(names or [""]))
    found = tuple(_begun(session))
    if not found:
        raise LlmexError("You have not begun an exercise yet.", "`llmex next` brings one.")
    return found


def _begun(session: Session) -> Iterator[Exercise]:
    """What was begun and is still there; also answers that came without their progress."""
    workspace, known = session.workspace, session.progress.exercises
    for id_ in session.course.ids:
        exercise = session.course.exercise(id_) if id_ in known else session.course.attempt(id_)[0]
        if exercise is None or not workspace.path(exercise).exists():
            continue
        if id_ in known or workspace.is_started(exercise):
            yield exercise


def _one(
    session: Session,
    exercise: Exercise,
    file: Path | None,
    every: bool,
    explain: bool,
    quick: bool,
) -> int:
    report = judged(session, exercise, file, explain=explain, quick=quick)
    saved = kept(session, exercise, report, file)
    place = around(session, exercise, report, file, every, saved)
    code = exit_code(report)
    session.emit(report=plain(report, place), exit_code=code)
    from llmex.cli.screens import report as screen

    session.show(screen.page(session.words, report, place, plain=session.plain))
    return after(session, code)


def _many(session: Session, exercises: tuple[Exercise, ...], quick: bool) -> int:
    from llmex.cli.screens.results import Result, results

    pairs = [(exercise, judged(session, exercise, quick=quick)) for exercise in exercises]
    for exercise, report in pairs:
        kept(session, exercise, report)
    stand = {e.id for e, report in pairs if _stands(session, e, report)}
    code = max(0 if e.id in stand else exit_code(report) for e, report in pairs)
    facts = [plain(report, around(session, this, report, None, False)) for this, report in pairs]
    session.emit(reports=facts, exit_code=code)
    found = [
        Result(e.id, e.title_in(session.lang), report.verdict, e.id in stand) for e, report in pairs
    ]
    session.show(results(session.words, found, plain=session.plain))
    return after(session, code)


def _stands(session: Session, exercise: Exercise, report: Report) -> bool:
    """Whether the answer passed as it is now, and its quick checks do so again."""
    from llmex.grader.standing import stale

    if report.verdict.outcome != "unfinished" or not session.progress.done(exercise.id):
        return False
    return exercise.id not in stale(session.course, session.workspace.root, session.progress)
