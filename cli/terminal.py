"""Single keys from a terminal that is left as it was found, however the program ends."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

ENDING = (signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def orderly() -> Iterator[None]:
    """Within it SIGTERM and SIGHUP end the program through its `finally` clauses.

    What was started with one of them ignored, as by nohup, goes on ignoring it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [number for number in ENDING if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


class Keys:
    """Keys as they are pressed, without an echo. Where standard input is no terminal: none.

    SIGTERM and SIGHUP end the program through its `finally` clauses; Ctrl-Z gives the terminal
    back until the program goes on.
    """

    def __init__(self) -> None:
        self._found: list[Any] | None = None
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Keys:
        for number in ENDING:
            self._handlers[number] = signal.signal(number, _leave)
        if is_in_front():
            import termios

            self._found = termios.tcgetattr(sys.stdin.fileno())
            self._handlers[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._suspend)
            self._take()
        return self

    def __exit__(self, *_: object) -> None:
        for number in self._handlers:
            if number in ENDING:
                signal.signal(number, signal.SIG_IGN)  # once is enough
        self._give_back()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    @property
    def descriptor(self) -> int | None:
        """What becomes readable when a key is pressed; None where there are no keys."""
        return sys.stdin.fileno() if self._found is not None else None

    def pressed(self) -> str:
        """The keys pressed since the last time; "q" where the terminal has gone."""
        try:
            found = os.read(sys.stdin.fileno(), 64)
        except OSError:
            return "q"
        return found.decode(errors="replace").lower() or "q"

    def _take(self) -> None:
        import tty

        tty.setcbreak(sys.stdin.fileno())

    def _give_back(self) -> None:
        if self._found is not None:
            import termios

            with contextlib.suppress(termios.error, OSError, ValueError):
                termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, self._found)

    def _suspend(self, *_: object) -> None:
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)  # goes on from here when it is continued
        signal.signal(signal.SIGTSTP, self._suspend)
        if is_in_front():
            self._take()


def is_in_front() -> bool:
    """Whether keys pressed in the terminal come to this program."""
    try:
        number = sys.stdin.fileno()
        return os.isatty(number) and os.tcgetpgrp(number) == os.getpgrp()
    except (OSError, ValueError, AttributeError):
        return False


def _leave(number: int, _: FrameType | None) -> None:
    raise SystemExit(128 + number)
