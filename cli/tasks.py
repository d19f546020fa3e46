"""An exercise as its learner meets it, from the course, the workspace and the progress."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llmex.cli.session import Session

if TYPE_CHECKING:
    from llmex.cli.screens.task import Task
    from llmex.grader.catalog import Exercise


def facts_of(session: Session, exercise: Exercise) -> dict[str, Any]:
    """The exercise for --json."""
    from llmex.grader.progress import ExerciseProgress

    workspace = session.maybe_workspace
    entry = session.progress.entry(exercise.id) or ExerciseProgress()
    return {
        "id": exercise.id,
        "version": exercise.version,
        "title": exercise.title_in(session.lang),
        "summary": exercise.summary_in(session.lang),
        "module": exercise.module,
        "minutes": exercise.minutes,
        "difficulty": exercise.difficulty,
        "uses": exercise.uses,
        "needs": list(exercise.needs),
        "status": entry.status if session.progress.entry(exercise.id) else "new",
        "current": session.progress.current == exercise.id,
        "checks_passed": entry.passed,
        "checks": len(exercise.checks),
        "attempts": entry.attempts,
        "hints_seen": entry.hints_seen,
        "hints": len(exercise.hints),
        "passed_version": entry.version if entry.done else None,
        "gave_up": entry.gave_up,
        "file": str(workspace.path(exercise)) if workspace else None,
        "notes_file": str(workspace.notes_path(exercise)) if workspace else None,
    }


def task_of(session: Session, exercise: Exercise) -> Task:
    """The exercise for a screen."""
    from llmex.cli.screens.task import Task

    workspace = session.maybe_workspace
    laid = workspace is not None and workspace.path(exercise).exists()
    track = session.course.track(session.progress.track)
    place = (track.index(exercise.id) + 1, len(track)) if exercise.id in track else None
    return Task(
        id=exercise.id,
        title=exercise.title_in(session.lang),
        summary=exercise.summary_in(session.lang),
        module=session.module_title(exercise.id),
        minutes=exercise.minutes,
        uses=exercise.uses,
        answer=session.typed(workspace.path(exercise)) if workspace and laid else "",
        notes=session.typed(workspace.notes_path(exercise)) if workspace and laid else "",
        place=place,
        needs=tuple(e for e in exercise.needs if not session.progress.done(e)),
        state=state_of(session, exercise),
        current=session.progress.current == exercise.id,
    )


def state_of(session: Session, exercise: Exercise) -> tuple[str, ...]:
    """What has come of it so far, in a few words each; nothing before the first check."""
    say = session.words.say
    entry = session.progress.entry(exercise.id)
    if entry is None:
        return ()
    facts = []
    if entry.done:
        older = entry.version is not None and entry.version < exercise.version
        facts += [say("task.passed-version", version=entry.version or 1) if older else
                  say("task.passed")]  # fmt: skip
    elif entry.of:
        facts += [say("task.checks", passed=entry.passed, n=entry.of)]
    if entry.attempts:
        facts += [say("status.attempts", n=entry.attempts)]
    if entry.hints_seen:
        facts += [say("status.hints", n=entry.hints_seen)]
    if entry.gave_up:
        facts += [say("list.gave-up")]
    return tuple(facts)
