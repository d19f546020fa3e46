"""What is shown when something goes wrong: two lines, a path to a saved trace, or nothing."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from llmex.cli.session import Session, write
from llmex.grader.errors import LlmexError
from llmex.grader.report import Sentence
from llmex.grader.scrub import scrub

INTERRUPTED = 130


def explain(session: Session, error: BaseException) -> int:
    """Say what went wrong, in the form asked for, and return the exit code."""
    if isinstance(error, KeyboardInterrupt):
        session.tell("trouble.interrupted")
        return INTERRUPTED
    if isinstance(error, LlmexError):
        return _say(session, error)
    if isinstance(error, OSError) and error.filename:
        return _say(session, _of_the_disk(error))
    return _say(session, _of_ours(error))


def after(session: Session, code: int) -> int:
    """The exit code of a command that has shown its screen; first, what it could not keep is said.

    A verdict that took minutes is worth showing where no disk takes it.
    """
    error, session.unsaved = session.unsaved, None
    return code if error is None else explain(session, error)


def _of_the_disk(error: OSError) -> LlmexError:
    return LlmexError(
        "llmex could not use {path}: {reason}.",
        "Look at its owner, its permissions and the space left, then type the command again.",
        exit_code=3, path=str(error.filename), reason=error.strerror or type(error).__name__,
    )  # fmt: skip


def _of_ours(error: BaseException) -> LlmexError:
    return LlmexError(
        "llmex itself failed ({kind}); your files are as they were.",
        "Please report it with this file: {path}",
        exit_code=3, kind=type(error).__name__, path=saved(error),
    )  # fmt: skip


def _say(session: Session, error: LlmexError) -> int:
    problem, remedy = (_in_words(session, part) for part in (error.problem, error.remedy))
    session.emit(error={"problem": problem, "remedy": remedy}, exit_code=error.exit_code)
    if not session.flags.json:
        session.say_notice()
        from llmex.cli.page import Page
        from llmex.cli.session import rendered

        page = Page(session.words, plain=session.plain)
        page.mark("trouble", problem, indent=0)
        page.add(remedy, indent=2)
        write(sys.stderr, rendered(page, sys.stderr, session.plain))
    return error.exit_code


def _in_words(session: Session, sentence: Sentence) -> str:
    return scrub(session.words.sentence(sentence), 2000)


def saved(error: BaseException) -> str:
    """Write the trace of an error of ours to a file that only this user can read; its path."""
    text = "".join(traceback.format_exception(error))
    name = time.strftime("trace-%Y%m%d-%H%M%S-") + f"{os.getpid()}.txt"
    state = Path(os.environ.get("XDG_STATE_HOME") or "~/.local/state").expanduser() / "llmex"
    for folder in (state, Path(tempfile.gettempdir())):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError:
            continue
        with open(descriptor, "w", encoding="utf-8", errors="replace") as file:
            file.write(text)
        return str(folder / name)
    return "-"
