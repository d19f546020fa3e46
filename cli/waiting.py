""" "Checking ...": said before work starts, and a bar for what takes more than a second."""

from __future__ import annotations

import sys
import threading
import time
from typing import Any

from llmex.cli.session import Session, is_terminal, write

ERASE = "\r\x1b[2K"
PATIENCE = 1.0  # seconds before there is a bar
TICK = 0.25
SIZE = 20


class Waiting:
    """What stands on standard error while a check runs; a terminal loses it at the end."""

    def __init__(self, session: Session, exercise: str, checks: int) -> None:
        self._text = session.words.say("check.working", id=exercise)
        self._checks = max(checks, 1)
        self._done = 0
        self._silent = session.flags.json
        self._moves = is_terminal(sys.stderr) and not session.plain and not self._silent
        self._over = threading.Event()
        self._hand = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> Waiting:
        self._since = time.monotonic()
        if not self._silent:
            write(sys.stderr, self._text + ("" if self._moves else "\n"))
        if self._moves:
            self._hand.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._moves:
            self._hand.join()
            write(sys.stderr, ERASE)

    def hear(self, event: dict[str, Any]) -> None:
        """A check of the answer has ended: the bar moves."""
        if event.get("event") == "check" and event.get("subject") == "answer":
            self._done += 1

    def _draw(self) -> None:
        """Draw the bar again and again, from the first second on; it says how long it has been."""
        while not self._over.wait(TICK):
            passed = time.monotonic() - self._since
            if passed < PATIENCE:
                continue
            cells = min(SIZE * self._done // self._checks, SIZE)
            bar = "━" * cells + "┄" * (SIZE - cells)
            count = f"{self._done}/{self._checks}"
            write(sys.stderr, f"{ERASE}{self._text} {bar} {count}  {passed:.0f} s")
