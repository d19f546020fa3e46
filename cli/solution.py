"""The command that shows the reference solution, and other right ways, beside one's own."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmex.cli.session import Session
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.cli.screens.solution import Row
    from llmex.grader.catalog import Exercise
    from llmex.grader.ways import Spent, Way

One = Annotated[str | None, typer.Argument(metavar="EXERCISE")]
YOURS = "yours"


def solution_(
    ctx: typer.Context,
    exercise: One = None,
    give_up: Annotated[bool, typer.Option("--give-up")] = False,
    diff: Annotated[bool, typer.Option("--diff")] = False,
    other: Annotated[str | None, typer.Option("--other", metavar="NAME")] = None,
    costs: Annotated[bool, typer.Option("--costs")] = False,
) -> int:
    """Show a right way to write a passed exercise; before a pass with --give-up, recorded."""
    from llmex.cli import pager
    from llmex.cli.screens import solution as screen
    from llmex.grader.ways import SOLUTION, ways

    session: Session = ctx.obj
    this = session.exercise(exercise)
    _allowed(session, this, give_up)
    found = ways(this, session.lang)
    way = _chosen(this, found, other)
    yours = _yours(session, this)
    if diff and yours is None:
        raise _nothing_to_compare(this)
    rows = _rows(session, this, found, yours, costs)
    session.emit(
        exercise=this.id, name=way.name, solution=way.source, yours=yours,
        ways=[dataclasses.asdict(row) for row in rows],
    )  # fmt: skip
    shown = screen.Shown(
        id=this.id,
        module=session.module_title(this.id),
        way=way,
        reference=way.name == SOLUTION,
        yours=yours,
        rows=rows,
        path=session.typed(session.workspace.path(this)) if yours is not None else "",
    )
    page = screen.difference if diff else screen.solution
    pager.show(session, page(session.words, shown, plain=session.plain))
    return 0


def _nothing_to_compare(this: Exercise) -> LlmexError:
    return LlmexError(
        "There is nothing of yours to compare with: you have not written {id} yet.",
        "Without --diff, `llmex solution {id}` shows the solution alone.",
        id=this.id,
    )


def _allowed(session: Session, this: Exercise, give_up: bool) -> None:
    """The solution comes after a pass; who gives up is written down."""
    from llmex.grader.progress import gave_up

    if session.progress.done(this.id):
        return
    if not give_up:
        raise LlmexError(
            "You have not passed {id} yet: the solution comes after that.",
            "`llmex hint {id}` helps; `llmex solution {id} --give-up` shows it all the same.",
            id=this.id,
        )
    if session.maybe_workspace:
        session.record(lambda p: gave_up(p, this.id, version=this.version))


def _chosen(this: Exercise, found: tuple[Way, ...], name: str | None) -> Way:
    """The solution, or the way of this name or a part of it."""
    near = [way for way in found if name is None or name.replace("_", "-") in way.name]
    same = [way for way in near if way.name == name]
    if name is None or len(same or near) == 1:
        return (same or near)[0]
    raise LlmexError(
        "There is no other way '{name}' of {id}.",
        "llmex knows {names}.",
        name=name, id=this.id, names=", ".join(way.name for way in found),
    )  # fmt: skip


def _yours(session: Session, this: Exercise) -> str | None:
    """What the learner wrote; None where there is nothing but the stub."""
    if session.maybe_workspace is None or not session.workspace.path(this).exists():
        return None
    answer = session.workspace.answer(this)
    return answer.source if answer.started else None


def _rows(
    session: Session, this: Exercise, found: tuple[Way, ...], yours: str | None, costs: bool
) -> list[Row]:
    """One's own and every other way, each with its size and, where asked for, its costs."""
    from llmex.cli.screens.solution import Row
    from llmex.grader.ways import size

    spent = _spent(session, this, found, yours) if costs else {}
    sources = ({YOURS: yours} if yours is not None else {}) | {
        way.name: way.source for way in found
    }
    about = {way.name: way.about for way in found}
    rows = []
    for name, source in sources.items():
        counted, cost = size(source), spent.get(name)
        rows.append(
            Row(
                name,
                about.get(name, ""),
                counted.lines if counted else None,
                counted.operations if counted else None,
                cost.cpu_ms if cost else None,
                cost.memory_mb if cost else None,
            )
        )
    return rows


def _spent(
    session: Session, this: Exercise, found: tuple[Way, ...], yours: str | None
) -> dict[str, Spent]:
    """Measured now, all in one session: the same checks, the same machine, the same moment."""
    from llmex.cli.waiting import Waiting
    from llmex.grader.sources import gather
    from llmex.grader.ways import spent

    answers: dict[str, Any] = {
        way.name: gather(session.course, this, way.source, None) for way in found
    }
    if yours is not None:
        answers = {YOURS: session.workspace.answer(this), **answers}
    with Waiting(session, this.id, len(this.checks)):
        return spent(this, answers)
