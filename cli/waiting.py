""" "Checking ...": said before work starts, and a bar for what takes more than a second."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from dataclasses import dataclass
from typing import Any

from llmex.cli.numbers import clock, counted
from llmex.cli.session import Session, is_terminal, width, write
from llmex.cli.terminal import orderly
from llmex.cli.words import Words

ERASE = "\r\x1b[2K"
PATIENCE = 1.0  # seconds before there is a bar
TICK = 0.25
SIZE = 20
SMALLEST = 6  # cells of a bar that still says something
EVERY = 10.0  # seconds between two lines where nothing can be drawn over


@dataclass(frozen=True)
class Step:
    """How far a training is: `step` of `steps`, at `seconds` since it began."""

    step: int
    steps: int
    loss: float
    seconds: float


class Waiting:
    """What stands on standard error while a check runs; a terminal loses it at the end.

    Without a terminal, or in words, a training is told in a line every ten seconds. With --json
    nothing is said.
    """

    def __init__(
        self, session: Session, exercise: str, checks: int, key: str = "check.working"
    ) -> None:
        self._words = session.words
        self._text = session.words.say(key, id=exercise)
        self._checks = max(checks, 1)
        self._done = 0
        self._since = self._told = time.monotonic()
        self._first: Step | None = None
        self._last: Step | None = None
        self._silent = session.flags.json
        self._moves = is_terminal(sys.stderr) and not session.plain and not self._silent
        self._over = threading.Event()
        self._end = contextlib.ExitStack()
        self._hand = threading.Thread(target=self._draw, daemon=True)

    def __enter__(self) -> Waiting:
        self._end.enter_context(orderly())
        if not self._silent:
            room = width(sys.stderr) - 1
            write(sys.stderr, cut(self._text, room) if self._moves else self._text + "\n")
        if self._moves:
            self._hand.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._moves:
            self._hand.join()
            write(sys.stderr, ERASE)
        self._end.close()

    def hear(self, event: dict[str, Any]) -> None:
        """A check of the answer has ended, or a training has come further: the bar moves."""
        if event.get("subject") != "answer":
            return
        if event.get("event") == "check":
            self._done += 1
            self._first = self._last = None
        elif event.get("event") == "step":
            self._step(Step(event["step"], event["steps"], event["loss"], event["seconds"]))

    def _step(self, step: Step) -> None:
        if self._last is None or step.step <= self._last.step:
            self._first = step
        self._last = step
        now = time.monotonic()
        if not self._moves and not self._silent and now - self._told >= EVERY:
            self._told = now
            write(sys.stderr, far(self._words, self._first or step, step) + "\n")

    def _draw(self) -> None:
        """Draw the bar again and again, from the first second on; it says how long it has been."""
        while not self._over.wait(TICK):
            passed = time.monotonic() - self._since
            if passed >= PATIENCE:
                write(sys.stderr, ERASE + self._line(passed, width(sys.stderr) - 1))

    def _line(self, passed: float, room: int) -> str:
        """The bar of the training that runs, or else of the checks."""
        first, last = self._first, self._last
        if first is None or last is None:
            count = f"{self._done}/{self._checks}"
            bar = drawn(self._done / self._checks, SIZE)
            return cut(f"{self._text} {bar} {count}  {passed:.0f} s", room)
        said = far(self._words, first, last)
        text = self._text
        size = min(room - cells(text) - cells(said) - 2, SIZE)
        if size < SMALLEST:
            text, size = "", min(room - cells(said) - 2, SIZE)
        bar = drawn(last.step / last.steps, size) if size >= SMALLEST else ""
        return cut(" ".join(part for part in (text, bar, said) if part), room)


def far(words: Words, first: Step, last: Step) -> str:
    """How far a training is, its loss, and how long it takes still, in words."""
    fields = {"step": counted(last.step), "steps": counted(last.steps), "loss": f"{last.loss:.3f}"}
    if last.step >= last.steps:
        return words.say("check.measuring", **fields)
    if last.step == first.step:
        return words.say("check.step", **fields)
    left = (last.seconds - first.seconds) / (last.step - first.step) * (last.steps - last.step)
    return words.say("check.step-left", left=clock(left), **fields)


def drawn(part: float, size: int) -> str:
    """A bar of `size` cells, of which a part is done."""
    done = min(int(size * part), size)
    return "━" * done + "┄" * (size - done)


def cells(text: str) -> int:
    """The columns that a text takes."""
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, room: int) -> str:
    """What of a text there is room for, so that the line does not wrap."""
    from rich.cells import set_cell_size

    return text if cells(text) <= room else set_cell_size(text, max(room, 0))
