"""When a command opens an exercise in the editor: where it was asked to, or always."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from llmex.cli.session import Session, is_terminal
from llmex.grader.errors import LlmexError

if TYPE_CHECKING:
    from llmex.grader.catalog import Exercise

SETTING = "open"
ALWAYS, NEVER = "always", "never"


def always(session: Session) -> bool:
    """Whether the learner has set that `llmex next` opens what it brings."""
    return session.progress.open == ALWAYS


def refuse_json(session: Session, asked: bool) -> None:
    """An editor is for people: with --json nobody is there."""
    if asked and session.flags.json:
        raise LlmexError(
            "--open and --json do not go together.",
            "Leave one of them out: --json says in `file` where the exercise is.",
        )


def opened(session: Session, exercise: Exercise, *, asked: bool) -> None:
    """Open the exercise's file and notes, if this was asked for or set.

    What was asked for and cannot be done is an error. What is only set is passed over where nobody
    sits at a terminal, and trouble with it is said without spoiling what the command has done.
    """
    if asked:
        _open(session, exercise)
    elif always(session) and not session.flags.json and is_terminal(sys.stdout):
        try:
            _open(session, exercise)
        except LlmexError as error:
            from llmex.cli.trouble import explain

            explain(session, error)


def _open(session: Session, exercise: Exercise) -> None:
    from llmex.cli import editor as editors

    answer = session.workspace.path(exercise)
    if not answer.exists():
        raise LlmexError(
            "{id} is not in your workspace yet: there is no file to open.",
            "`llmex next {id} --open` brings it and opens it.",
            id=exercise.id,
        )
    editor = editors.find(os.environ)
    where = session.typed(answer)
    if editor is None:
        raise LlmexError(
            "llmex does not know your editor: neither $VISUAL nor $EDITOR is set.",
            "Open {path} yourself, or set one, for example:  export EDITOR=nano",
            path=where,
        )
    if not editors.can_open(editor):
        raise LlmexError(
            "'{name}' needs a terminal, and there is none here.",
            "Open {path} yourself, or set $VISUAL to an editor with a window.",
            name=editor.name, path=where,
        )  # fmt: skip
    editors.open_(editor, answer, session.workspace.notes_path(exercise))
