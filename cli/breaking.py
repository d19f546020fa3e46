"""Learning by ablation: break one thing in the solution, and see what changes."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated

import typer

from llmex.cli.judging import around, exit_code
from llmex.cli.session import Session
from llmex.cli.waiting import Waiting
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.cli.screens.breaking import Break
    from llmex.grader.catalog import Exercise
    from llmex.grader.mistakes import Mistake
    from llmex.grader.report import Report

One = Annotated[str | None, typer.Argument(metavar="EXERCISE")]
Which = Annotated[str | None, typer.Argument(metavar="CHANGE")]


def break_(
    ctx: typer.Context,
    exercise: One = None,
    change: Which = None,
    every: Annotated[bool, typer.Option("--every")] = False,
) -> int:
    """Show what can be broken in a passed exercise; with CHANGE, break it and show what changes."""
    from llmex.cli.screens import breaking as screen
    from llmex.grader.catalog import mistakes
    from llmex.grader.report import to_plain

    session: Session = ctx.obj
    if exercise and exercise.isdecimal() and change is None:
        exercise, change = None, exercise
    this = session.exercise(exercise)
    _allowed(session, this)
    known = mistakes(this)
    if not known:
        raise LlmexError(
            "Nothing is known that could be broken in {id}.",
            "`llmex solution {id}` shows the reference solution.",
            id=this.id,
        )
    if change is None:
        return _listed(session, this, known)
    one = _chosen(this, known, change)
    report = _broken(session, this, one)
    found = _break(session, this, one)
    session.emit(exercise=this.id, change=one.id, says=found.says, report=to_plain(report))
    if report.verdict.outcome == "grader-error":
        from llmex.cli.screens.report import page

        place = around(session, this, report, None, every)
        session.show(page(session.words, report, place, plain=session.plain))
        return exit_code(report)
    module, words = session.module_title(this.id), session.words
    session.show(screen.broken(words, module, report, found, every=every, plain=session.plain))
    return 0


def _listed(session: Session, exercise: Exercise, known: tuple[Mistake, ...]) -> int:
    """What can be broken, numbered."""
    from llmex.cli.screens.breaking import choices

    says = {one.id: exercise.mistake_says(one.id, session.lang, one.says) for one in known}
    session.emit(exercise=exercise.id, changes=[{"id": i, "says": s} for i, s in says.items()])
    module = session.module_title(exercise.id)
    session.show(choices(session.words, exercise.id, module, says, plain=session.plain))
    return 0


def _allowed(session: Session, exercise: Exercise) -> None:
    """What breaks an answer tells much of it: it comes after a pass, like the solution."""
    entry = session.progress.entry(exercise.id)
    if session.progress.done(exercise.id) or (entry is not None and entry.gave_up):
        return
    raise LlmexError(
        "You have not passed {id} yet: breaking it comes after that.",
        "`llmex hint {id}` helps; after `llmex solution {id} --give-up` it can be broken, too.",
        id=exercise.id,
    )


def _chosen(exercise: Exercise, known: tuple[Mistake, ...], text: str) -> Mistake:
    """The change that a number of the list, an id or a part of one means."""
    if text.isdecimal() and 1 <= int(text) <= len(known):
        return known[int(text) - 1]
    found = [one for one in known if one.id == text] or [one for one in known if text in one.id]
    if len(found) == 1 and text:
        return found[0]
    raise LlmexError(
        "{id} has no change '{text}'.",
        "`llmex break {id}` lists them: take a number from 1 to {n}, or an id.",
        id=exercise.id,
        text=text,
        n=len(known),
    )


def _broken(session: Session, exercise: Exercise, mistake: Mistake) -> Report:
    """What the suite says of the solution with this one thing broken, on earlier own answers."""
    from llmex.grader import grade
    from llmex.grader.sources import gather

    root = session.maybe_workspace
    text = mistake.source()
    answer = gather(session.course, exercise, text, root.root if root else None)
    with Waiting(session, exercise.id, len(exercise.checks)) as waiting, grade.ready(exercise) as e:
        return grade.grade(
            exercise, answer, quick=True, diagnose=False, engine=e, on_event=waiting.hear
        )


def _break(session: Session, exercise: Exercise, mistake: Mistake) -> Break:
    from llmex.cli.screens.breaking import Break
    from llmex.grader.store import course_text

    whole = course_text(exercise.solution_path).splitlines()
    lines = difflib.unified_diff(whole, mistake.source().splitlines(), lineterm="", n=0)
    return Break(
        says=exercise.mistake_says(mistake.id, session.lang, mistake.says),
        lines=tuple(line for line in lines if not line.startswith(("---", "+++", "@@"))),
        titles=exercise.check_titles(session.lang) if session.lang != "en" else {},
        own=lambda template: exercise.why_in(template, session.lang),
    )
