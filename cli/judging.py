"""One exercise judged for a command: its answer found, graded, recorded, and put in its place."""

from __future__ import annotations

import contextlib
import shlex
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmex.cli.session import Session
from llmex.cli.waiting import Waiting
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.cli.screens.report import Around
    from llmex.grader.catalog import Exercise
    from llmex.grader.engine import Engine
    from llmex.grader.report import Report
    from llmex.grader.workspace import Answer

PASSED, NOT_PASSED, NOT_JUDGED = 0, 1, 3


def judged(
    session: Session,
    exercise: Exercise,
    file: Path | None = None,
    *,
    explain: bool = False,
    quick: bool = False,
    engine: Engine | None = None,
) -> Report:
    """Judge the learner's answer, or `file` in its place, and record what came of it.

    With `quick` the long checks are left out. The engine begins to import while this process still
    reads what it will show.
    """
    with Waiting(session, exercise.id, len(exercise.checks)) as waiting:
        answer = _answer(session, exercise, file)
        with _engine(exercise, answer, engine) as ready:
            stand_in = _stand_in(session, exercise, answer)
            from llmex.cli.screens import report as _  # noqa: F401 - meanwhile
            from llmex.grader.grade import grade

            report = grade(
                exercise, answer, stand_in=stand_in, missing=_missing(session, exercise),
                quick=quick, explain=explain, engine=ready, on_event=waiting.hear,
            )  # fmt: skip
    if file is None:
        try:
            _record(session, exercise, answer, report)
        except LlmexError as error:  # the verdict is shown all the same; --json has one line only
            if session.flags.json:
                raise
            session.unsaved = error
    return report


def _engine(
    exercise: Exercise, answer: Answer, engine: Engine | None
) -> AbstractContextManager[Engine | None]:
    """A running engine stays with whoever has it; an untouched stub needs none."""
    from llmex.grader import grade

    if engine is not None or not answer.started:
        return contextlib.nullcontext(engine)
    return grade.ready(exercise)


def _answer(session: Session, exercise: Exercise, file: Path | None) -> Answer:
    from llmex.grader.workspace import answer_from_file

    if file is None:
        return session.workspace.answer(exercise)
    return answer_from_file(session.course, exercise, file, session.maybe_workspace)


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


def _missing(session: Session, exercise: Exercise) -> tuple[str, ...]:
    """What the exercise must rest on and is not the learner's own; all, without a workspace."""
    from llmex.grader.standing import missing

    workspace = session.maybe_workspace
    if not exercise.own:
        return ()
    if workspace is None:
        return exercise.needs
    return missing(session.course, exercise, workspace.root, session.progress)


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


def around(
    session: Session,
    exercise: Exercise,
    report: Report,
    file: Path | None,
    every: bool,
    saved: str = "",
) -> Around:
    """What stands around a report on its screen: where the answer is, and what to type next.

    `saved` says where the picture of a training is kept.
    """
    from llmex.cli.screens.report import Around
    from llmex.grader.progress import next_exercise

    progress = session.progress
    entry = progress.entry(exercise.id)
    hints = len(exercise.hints)
    found = report.diagnosis
    return Around(
        module=session.module_title(exercise.id),
        path=session.typed(file or session.workspace.path(exercise)),
        file=exercise.file_name,
        command=_command(session, exercise, file),
        titles=exercise.check_titles(session.lang) if session.lang != "en" else {},
        own=lambda template: exercise.why_in(template, session.lang),
        says=exercise.mistake_says(found.mistake, session.lang, found.says) if found else "",
        hints=hints,
        hints_left=max(hints - (entry.hints_seen if entry else 0), 0),
        attempts=entry.attempts if entry else 0,
        next=next_exercise(progress, session.course) or "",
        long=exercise.long,
        minutes=_minutes(exercise) if report.left_out else 0,
        saved=saved,
        every=every,
        recorded=file is None,
        picture=exercise.picture_path is not None and file is None,
    )


def _command(session: Session, exercise: Exercise, file: Path | None) -> str:
    """What judges this answer again."""
    if file is not None:
        return f"llmex check {exercise.id} --file {shlex.quote(str(file))}"
    current = session.progress.current == exercise.id
    return "llmex check" if current else f"llmex check {exercise.id}"


def _minutes(exercise: Exercise) -> int:
    """How many minutes the long checks take; 0 where nobody knows."""
    from llmex.grader.pace import long_seconds

    seconds = long_seconds(exercise)
    return max(round(seconds / 60), 1) if seconds else 0


def kept(session: Session, exercise: Exercise, report: Report, file: Path | None = None) -> str:
    """Keep the picture of a training beside the answer; the sentence that says where.

    Nothing is kept of a `file` that is not the one in the workspace.
    """
    if not report.verdict.runs or file is not None:
        return ""
    from llmex.cli.pictures import keep
    from llmex.cli.screens.training import longest, picture

    run = longest(report.verdict)
    if run is None:
        return ""

    def own(template: str) -> str:
        return exercise.why_in(template, session.lang)

    workspace = session.workspace
    svg = picture(session.words, run, exercise.title_in(session.lang), own)
    try:
        path, there = keep(workspace.root, workspace.path(exercise), svg)
    except LlmexError as error:
        return session.words.sentence(error.problem)
    key = "run.saved" if there else "run.not-saved"
    return session.words.say(key, path=session.typed(path))


def plain(report: Report, around: Around) -> dict[str, Any]:
    """A report for --json."""
    from llmex.grader.report import to_plain

    facts: dict[str, Any] = to_plain(report)
    return facts | {"passed": report.verdict.passed, "next": around.next or None}


def exit_code(report: Report) -> int:
    """The exit code that a report comes to."""
    if report.verdict.outcome == "grader-error":
        return NOT_JUDGED
    return PASSED if report.verdict.outcome == "passed" else NOT_PASSED
