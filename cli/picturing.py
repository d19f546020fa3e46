"""The command that draws a learner's own working code: picture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmex.cli.session import Session
from llmex.cli.trouble import after
from llmex.cli.waiting import Waiting
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.grader.catalog import Exercise
    from llmex.grader.panel import Picture

One = Annotated[str | None, typer.Argument(metavar="EXERCISE")]
NOT_DRAWN = 1
ENDING = ".picture.svg"


def picture_(
    ctx: typer.Context,
    exercise: One = None,
    list_: Annotated[bool, typer.Option("--list")] = False,
) -> int:
    """Draw the code of the current exercise, or of the one that is named, and save it as SVG."""
    from llmex.cli.screens import panels as screen
    from llmex.grader.report import to_plain

    session: Session = ctx.obj
    if list_:
        return _listed(session)
    this = session.exercise(exercise)
    drawn = _drawn(session, this)
    path, saved = _saved(session, this, drawn)
    session.emit(exercise=this.id, **to_plain(drawn), svg=str(path) if saved else None)
    module = session.module_title(this.id)
    file = session.typed(session.workspace.path(this))
    words, said = session.words, _said(session, path, saved)
    session.show(screen.picture(words, this.id, module, drawn, said, file, plain=session.plain))
    return after(session, 0 if drawn.panels else NOT_DRAWN)


def _drawn(session: Session, exercise: Exercise) -> Picture:
    from llmex.grader.depict import depict
    from llmex.grader.grade import ready

    answer = session.workspace.answer(exercise)
    if not answer.started:
        raise LlmexError(
            "{path} is still as it was: there is nothing to draw.",
            "Write your answer, then type the command again.",
            path=session.typed(session.workspace.path(exercise)),
        )
    with Waiting(session, exercise.id, 1, "picture.working"), ready(exercise) as engine:
        return depict(exercise, answer, engine)


def _saved(session: Session, exercise: Exercise, drawn: Picture) -> tuple[Path | None, bool]:
    """Where the picture belongs, and whether it is there: no file of anyone else's is replaced.

    What keeps it from being saved is said after it was shown: it could be drawn all the same.
    """
    from llmex.cli.panels_svg import svg
    from llmex.cli.pictures import keep

    if not drawn.panels:
        return None, False
    workspace = session.workspace
    answer = workspace.path(exercise)
    try:
        return keep(workspace.root, answer, svg(drawn.panels, session.lang), ENDING)
    except LlmexError as error:
        if session.flags.json:
            raise
        session.unsaved = error
        return None, False


def _said(session: Session, path: Path | None, saved: bool) -> str:
    """What became of the file."""
    if path is None:
        return ""
    return session.words.say(f"picture.{'saved' if saved else 'kept'}", path=session.typed(path))


def _listed(session: Session) -> int:
    """Which exercises have a picture."""
    from llmex.cli.screens.panels import choices

    course = session.course
    tried = (course.attempt(e)[0] for e in course.ids)
    found = [e for e in tried if e is not None and e.picture_path is not None]
    titles = {e.id: e.title_in(session.lang) for e in found}
    session.emit(pictures=[{"id": i, "title": t} for i, t in titles.items()])
    session.show(choices(session.words, titles, plain=session.plain))
    return 0
