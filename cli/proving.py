"""What stands on standard error while exercises are proved: a bar, or a line for each."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from llmex.cli.session import Session, is_terminal, write
from llmex.cli.waiting import ERASE, PATIENCE, SIZE, TICK

if TYPE_CHECKING:
    from llmex.grader.author.check import Checked
    from llmex.grader.author.deep import Proved


class Proving:
    """A bar on a terminal, from the first second on; elsewhere a line as each exercise ends."""

    def __init__(self, session: Session, ids: Sequence[str]) -> None:
        self._say = session.words.say
        what = ids[0] if len(ids) == 1 else self._say("author.exercises", n=len(ids))
        self._text = self._say("check.working", id=what)
        self._count, self._done = len(ids), 0
        self._parts: dict[str, float] = {}
        self._silent = session.flags.json
        self._moves = is_terminal(sys.stderr) and not session.plain and not self._silent
        self._over = threading.Event()
        self._hand = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> Proving:
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

    def hear(self, one: Checked | Proved) -> None:
        """An exercise has been proved, or not."""
        if not one.exercise:
            return
        self._done += 1
        if not (self._silent or self._moves or self._count == 1):
            found = self._say("author.findings", n=len(one.findings))
            write(sys.stderr, f"{self._done}/{self._count} {one.exercise}: {found}\n")

    def step(self, exercise: str, done: int, of: int) -> None:
        """One check of one subject has ended."""
        self._parts[exercise] = done / max(of, 1)

    def _draw(self) -> None:
        while not self._over.wait(TICK):
            passed = time.monotonic() - self._since
            if passed < PATIENCE:
                continue
            part = sum(list(self._parts.values())) / max(self._count, 1)
            cells = min(round(SIZE * part), SIZE)
            bar = "━" * cells + "┄" * (SIZE - cells)
            count = f"{self._done}/{self._count}" if self._count > 1 else f"{100 * part:.0f} %"
            write(sys.stderr, f"{ERASE}{self._text} {bar} {count}  {passed:.0f} s")
