"""The command that judges: check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmex.cli.judging import around, exit_code, judged, plain
from llmex.cli.session import Session
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.grader.catalog import Exercise

Several = Annotated[list[str] | None, typer.Argument(metavar="EXERCISE")]


def check_(
    ctx: typer.Context,
    exercises: Several = None,
    every: Annotated[bool, typer.Option("--every")] = False,
    all_: Annotated[bool, typer.Option("--all")] = False,
    explain: Annotated[bool, typer.Option("--explain")] = False,
    file: Annotated[Path | None, typer.Option("--file", metavar="FILE")] = None,
) -> int:
    """Judge the current exercise, or those that are named, and record what came of it."""
    session: Session = ctx.obj
    chosen = _chosen(session, exercises or [], all_, file)
    if len(chosen) == 1 and not all_:
        return _one(session, chosen[0], file, every or explain, explain)
    return _many(session, chosen)


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
    workspace, known = session.workspace, session.progress.exercises
    mine = (session.course.exercise(e) for e in session.course.ids if e in known)
    found = tuple(exercise for exercise in mine if workspace.path(exercise).exists())
    if not found:
        raise LlmexError("You have not begun an exercise yet.", "`llmex next` brings one.")
    return found


def _one(
    session: Session, exercise: Exercise, file: Path | None, every: bool, explain: bool
) -> int:
    report = judged(session, exercise, file, explain=explain)
    place = around(session, exercise, report, file, every)
    code = exit_code(report)
    session.emit(report=plain(report, place), exit_code=code)
    from llmex.cli.screens import report as screen

    session.show(screen.page(session.words, report, place, plain=session.plain))
    return code


def _many(session: Session, exercises: tuple[Exercise, ...]) -> int:
    from llmex.cli.screens.results import Result, results

    reports = [judged(session, exercise) for exercise in exercises]
    code = max(map(exit_code, reports))
    pairs = list(zip(exercises, reports, strict=True))
    facts = [plain(report, around(session, this, report, None, False)) for this, report in pairs]
    session.emit(reports=facts, exit_code=code)
    found = [Result(e.id, e.title_in(session.lang), report.verdict) for e, report in pairs]
    session.show(results(session.words, found, plain=session.plain))
    return code
