""" "Checking ...": said before work starts, and a bar for what takes more than a second."""

from __future__ import annotations

import sys
import time
from typing import Any

from llmex.cli.session import Session, write

ERASE = "\r\x1b[2K"
PATIENCE = 1.0  # seconds before there is a bar
SIZE = 20


class Waiting:
    """What stands on standard error while a check runs; a terminal loses it at the end."""

    def __init__(self, session: Session, exercise: str, checks: int) -> None:
        self._session = session
        self._text = session.words.say("check.working", id=exercise)
        self._checks = checks
        self._done = 0
        self._silent = session.flags.json
        self._fleeting = sys.stderr.isatty() and not session.plain

    def __enter__(self) -> Waiting:
        self._since = time.monotonic()
        if not self._silent:
            write(sys.stderr, self._text if self._fleeting else self._text + "\n")
        return self

    def __exit__(self, *_: object) -> None:
        if self._fleeting and not self._silent:
            write(sys.stderr, ERASE)

    def hear(self, event: dict[str, Any]) -> None:
        """A check of the answer has ended: move the bar."""
        if event.get("event") != "check" or event.get("subject") != "answer":
            return
        self._done += 1
        late = time.monotonic() - self._since > PATIENCE
        if late and self._fleeting and not self._silent:
            cells = min(SIZE * self._done // max(self._checks, 1), SIZE)
            bar = "━" * cells + "┄" * (SIZE - cells)
            write(sys.stderr, f"{ERASE}{self._text} {bar} {self._done}/{self._checks}")
