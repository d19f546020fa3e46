"""The commands of an author: new lays out an exercise, check proves it, schema helps editors."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmex.cli import author_deep
from llmex.cli.author_deep import told
from llmex.cli.proving import Proving
from llmex.cli.session import Session
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.grader.author.check import Checked
    from llmex.grader.catalog import Course

CLEAN, FINDINGS, NOT_JUDGED = 0, 1, 3
SYLLABUS = Path("exercises", "course.yaml")
Limits = dict[str, dict[str, float]]  # by exercise and check, in seconds
Several = Annotated[list[str] | None, typer.Argument(metavar="EXERCISE")]


def author_new_(
    ctx: typer.Context, name: Annotated[str, typer.Argument(metavar="MODULE/EXERCISE")]
) -> int:
    """Lay out a new exercise that runs, with the questions that its author answers."""
    from llmex.cli.screens.author import laid
    from llmex.grader.author.skeleton import new

    session: Session = ctx.obj
    module, slash, exercise = name.strip("/").partition("/")
    if not slash:
        raise LlmexError(
            "'{name}' names no exercise of a module.",
            "For example:  llmex author new basics/running-mean",
            name=name,
        )
    done = new(_place(session), module, exercise)
    files = [session.typed(path) for path in done.files]
    session.emit(exercise=done.exercise, files=files, course=session.typed(done.course))
    session.show(laid(session.words, done, files, session.typed(done.course), plain=session.plain))
    return CLEAN


def author_check_(
    ctx: typer.Context,
    exercises: Several = None,
    all_: Annotated[bool, typer.Option("--all")] = False,
    deep: Annotated[bool, typer.Option("--deep")] = False,
    unproved: Annotated[bool, typer.Option("--unproved")] = False,
    quick: Annotated[bool, typer.Option("--quick")] = False,
    drawn: Annotated[str | None, typer.Option("--drawn", metavar="REVISION")] = None,
) -> int:
    """Prove that exercises grade what they claim, or say in which line they do not."""
    from llmex.cli.screens.author import proved
    from llmex.grader.author.check import Checked, check

    session: Session = ctx.obj
    if drawn is not None:
        return author_deep.prove_again(session, course_of(session), drawn)
    if deep:
        course = course_of(session)
        return author_deep.prove(session, course, _chosen(session, course, exercises or [], all_))
    try:
        course = course_of(session)
    except LlmexError as error:
        if "line" not in error.problem.fields:
            raise
        found = [Checked("", (error,))]  # course.yaml itself: nothing else can be read
        limits: Limits = {}
    else:
        ids = _chosen(session, course, exercises or [], all_)
        with Proving(session, ids) as proving:
            options = {"proofs": not unproved, "whole": all_, "quick": quick}
            found = check(course, ids, proving.hear, proving.step, **options)
        limits = {one.exercise: _limits(course, one) for one in found}
    code = _exit_code(found)
    session.emit(exercises=[_plain(session, one, limits) for one in found], exit_code=code)
    session.show(proved(session.words, found, limits, plain=session.plain))
    return code


def author_stats_(ctx: typer.Context, exercises: Several = None) -> int:
    """Show what stands behind each exercise, in numbers; all of them if none is named."""
    session: Session = ctx.obj
    course = course_of(session)
    ids = _chosen(session, course, exercises or [], all_=not exercises)
    return author_deep.count(session, course, ids)


def author_schema_(
    ctx: typer.Context,
    folder: Annotated[Path | None, typer.Argument(metavar="FOLDER")] = None,
) -> int:
    """Write the JSON Schema of each kind of file into a folder, for editors that check YAML."""
    from llmex.cli.screens.author import exported
    from llmex.grader.author.schemas import export

    session: Session = ctx.obj
    files = export((folder or Path("schema")).expanduser())
    names = [session.typed(path) for path in files]
    session.emit(files=names)
    session.show(exported(session.words, names, plain=session.plain))
    return CLEAN


def _place(session: Session) -> Path:
    """Where a new exercise goes: --course, the course around this folder, or this empty folder."""
    from llmex.grader.workspace import is_free

    if session.flags.course:
        return Path(session.flags.course).expanduser()
    root = _around(session.here)
    if root is not None:
        return root
    if is_free(session.here):
        return session.here
    raise LlmexError(
        "There is no course in this folder or above it.",
        "Go to an empty folder, or name one:  llmex author new {example} --course PATH",
        example="basics/running-mean",
    )


def course_of(session: Session) -> Course:
    """--course, else the course around this folder, else the one that the session has."""
    from llmex.grader.catalog import load_course

    root = None if session.flags.course else _around(session.here)
    return session.course if root is None else load_course(root)


def _around(folder: Path) -> Path | None:
    """The nearest folder from here upward that holds a course."""
    return next((f for f in (folder, *folder.parents) if (f / SYLLABUS).is_file()), None)


def _chosen(session: Session, course: Course, names: Sequence[str], all_: bool) -> tuple[str, ...]:
    """The ids that are meant; without a name, the exercise in whose folder one is."""
    if all_ and not names:
        return course.ids
    if not names and session.here.name in course.module_of:
        return (session.here.name,)
    if not names or all_:
        raise LlmexError(
            "`llmex author check` needs the ids of exercises, or --all.",
            "For example:  llmex author check {id}",
            id=next(iter(course.ids), "running-mean"),
        )
    return tuple(dict.fromkeys(_found(session, course, name) for name in names))


def _found(session: Session, course: Course, name: str) -> str:
    """The id that a name or a folder means."""
    folder = session.here / name
    if folder.is_dir() and folder.resolve().name in course.module_of:
        return folder.resolve().name
    try:
        return course.find(name)
    except LlmexError:
        for path in sorted(course.root.glob(f"exercises/*/{Path(name).name}/exercise.yaml")):
            raise LlmexError(
                "{folder} is not in {file}.",
                "Add '{id}' to the exercises of the module '{module}' there.",
                folder=session.typed(path.parent),
                file=session.typed(course.document.path),
                id=path.parent.name,
                module=path.parent.parent.name,
            ) from None
        raise


def _limits(course: Course, one: Checked) -> dict[str, float]:
    """How many seconds each check of an exercise may take."""
    exercise, _ = course.attempt(one.exercise) if one.slowest else (None, ())
    return {check: exercise.limit("wall_s", check) for check in one.slowest} if exercise else {}


def _plain(session: Session, one: Checked, limits: Limits) -> dict[str, Any]:
    """One exercise for --json: every finding with file, line, problem and remedy."""
    say, most = session.words.sentence, limits.get(one.exercise, {})
    return {
        "id": one.exercise,
        "judged": one.trouble is None,
        "mistakes": one.mistakes,
        "seconds": one.seconds,
        "checks": [
            {
                "name": name,
                "seconds": seconds,
                "limit_s": most.get(name, 0.0),
            }
            for name, seconds in one.slowest.items()
        ],
        "findings": [told(session, error) for error in one.findings],
        "trouble": say(one.trouble.problem) if one.trouble else None,
    }


def _exit_code(found: Sequence[Checked]) -> int:
    if any(one.trouble for one in found):
        return NOT_JUDGED
    return FINDINGS if any(one.findings for one in found) else CLEAN
