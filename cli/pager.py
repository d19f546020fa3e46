"""What is longer than the screen is shown in a pager; never in a pipe, and never in plain form."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from llmex.cli.session import is_terminal, rendered, write

if TYPE_CHECKING:
    from rich.console import RenderableType

    from llmex.cli.session import Session

USUAL = "less"
LESS = "FRX"  # leave if it fits after all, keep colours, let what was read stay on the screen


def show(session: Session, screen: RenderableType) -> None:
    """Print a screen, through $PAGER or less where it is longer than the terminal."""
    if session.flags.json or session.plain or not (is_terminal(sys.stdin) and _wanted()):
        session.show(screen)
        return
    text = rendered(screen, sys.stdout, session.plain)
    pager = command()
    if session.notice or not pager or text.count("\n") < height() or not _paged(pager, text):
        session.show(screen)


def _wanted() -> bool:
    return is_terminal(sys.stdout) and os.environ.get("TERM", "dumb") != "dumb"


def height() -> int:
    """The lines of the terminal."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).lines or 24
    except (OSError, ValueError):
        return 24


def command() -> list[str]:
    """The pager and its arguments; [] where none is wanted or found."""
    try:
        words = shlex.split(os.environ.get("PAGER", USUAL))
    except ValueError:
        words = [USUAL]
    return words if words and words[0] != "cat" and shutil.which(words[0]) else []


def _charset() -> dict[str, str]:
    """Tells less that this is UTF-8: a locale that is not installed does not."""
    utf8 = (sys.stdout.encoding or "utf-8").lower() in ("utf-8", "utf8")
    return {"LESSCHARSET": "utf-8"} if utf8 else {}


def _paged(pager: list[str], text: str) -> bool:
    """Give the text to the pager; whether it took it. An interrupt is the pager's own affair."""
    environment = {"LESS": LESS, "LV": "-c", **_charset(), **os.environ}
    found = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        write(sys.stdout, "")
        process = subprocess.Popen(pager, stdin=subprocess.PIPE, env=environment)
        process.communicate(text.encode(sys.stdout.encoding or "utf-8", "replace"))
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, found)
    return process.returncode == 0
