"""The command that judges: check."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmex.cli.session import Session
from llmex.cli.waiting import Waiting
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.cli.screens.report import Around
    from llmex.grader.catalog import Exercise
    from llmex.grader.report import Report
    from llmex.grader.workspace import Answer

PASSED, NOT_PASSED, NOT_JUDGED = 0, 1, 3
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
    from llmex.cli.screens import report as screen

    with Waiting(session, exercise.id, len(exercise.checks)) as waiting:
        answer = _answer(session, exercise, file)
        report = _graded(session, exercise, answer, waiting, explain)
    if file is None:
        _record(session, exercise, answer, report)
    around = _around(session, exercise, report, file, every)
    session.emit(report=_plain(report, around), exit_code=_exit_code(report))
    session.show(screen.page(session.words, report, around, plain=session.plain))
    return _exit_code(report)


def _many(session: Session, exercises: tuple[Exercise, ...]) -> int:
    from llmex.cli.screens.results import Result, results

    found: list[Result] = []
    reports = []
    for exercise in exercises:
        with Waiting(session, exercise.id, len(exercise.checks)) as waiting:
            answer = _answer(session, exercise, None)
            report = _graded(session, exercise, answer, waiting)
        _record(session, exercise, answer, report)
        reports.append(report)
        title = exercise.title_in(session.lang)
        found.append(Result(exercise.id, title, report.verdict))
    code = max(map(_exit_code, reports))
    around = [_around(session, e, r, None, False) for e, r in zip(exercises, reports, strict=True)]
    plain = [_plain(r, a) for r, a in zip(reports, around, strict=True)]
    session.emit(reports=plain, exit_code=code)
    session.show(results(session.words, found, plain=session.plain))
    return code


def _answer(session: Session, exercise: Exercise, file: Path | None) -> Answer:
    from llmex.grader.workspace import answer_from_file

    if file is None:
        return session.workspace.answer(exercise)
    return answer_from_file(session.course, exercise, file, session.maybe_workspace)


def _graded(
    session: Session, exercise: Exercise, answer: Answer, waiting: Waiting, explain: bool = False
) -> Report:
    from llmex.grader.grade import grade

    stand_in = _stand_in(session, exercise, answer)
    return grade(exercise, answer, stand_in=stand_in, explain=explain, on_event=waiting.hear)


def _stand_in(session: Session, exercise: Exercise, answer: Answer) -> Answer | None:
    """The same answer without those earlier ones of the learner's that have no current pass."""
    from llmex.grader.progress import is_stale

    doubtful = []
    for earlier in answer.yours:
        entry = session.progress.entry(earlier)
        own = session.workspace.answer(session.course.exercise(earlier))
        if entry is None or entry.status != "passed" or is_stale(entry, own.digest):
            doubtful.append(earlier)
    return session.workspace.answer(exercise, provide=doubtful) if doubtful else None


def _record(session: Session, exercise: Exercise, answer: Answer, report: Report) -> None:
    """Note the outcome in progress.yaml; what is not the learner's doing is not noted."""
    from llmex.grader.progress import record_check

    verdict = report.verdict
    session.record(
        lambda progress: record_check(
            progress,
            exercise.id,
            verdict.outcome,
            verdict.passed,
            len(verdict.checks),
            version=report.version,
            answer_hash=answer.digest,
        )
    )


def _around(
    session: Session, exercise: Exercise, report: Report, file: Path | None, every: bool
) -> Around:
    from llmex.cli.screens.report import Around
    from llmex.grader.progress import next_exercise

    progress = session.progress
    entry = progress.entry(exercise.id)
    hints = len(exercise.hints)
    current = progress.current == exercise.id
    command = "llmex check" if current and not file else f"llmex check {exercise.id}"
    if file:
        command += f" --file {shlex.quote(str(file))}"
    found = report.diagnosis
    path = file or session.workspace.path(exercise)
    return Around(
        module=session.module_title(exercise.id),
        path=session.typed(path),
        file=exercise.file_name,
        command=command
        if file is None
        else f"llmex check {exercise.id} --file {shlex.quote(str(file))}",
        titles=exercise.check_titles(session.lang) if session.lang != "en" else {},
        own=lambda template: exercise.why_in(template, session.lang),
        says=exercise.mistake_says(found.mistake, session.lang, found.says) if found else "",
        hints=hints,
        hints_left=max(hints - (entry.hints_seen if entry else 0), 0),
        attempts=entry.attempts if entry else 0,
        next=next_exercise(progress, session.course) or "",
        every=every,
        recorded=file is None,
    )


def _plain(report: Report, around: Around) -> dict[str, Any]:
    """A report for --json."""
    from llmex.grader.report import to_plain

    facts: dict[str, Any] = to_plain(report)
    return facts | {"passed": report.verdict.passed, "next": around.next or None}


def _exit_code(report: Report) -> int:
    if report.verdict.outcome == "grader-error":
        return NOT_JUDGED
    return PASSED if report.verdict.outcome == "passed" else NOT_PASSED
