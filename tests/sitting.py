"""A learner at a terminal: a command of ours in a pseudo-terminal, its screen and its keys."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PATIENCE = 30.0  # seconds: far more than anything takes, on a machine that does other things
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Sitting:
    """One command in a terminal of its own; `read` waits for words on the screen."""

    def __init__(
        self, command: Sequence[str], *, folder: Path, environment: Mapping[str, str]
    ) -> None:
        self._ours, self._theirs = pty.openpty()
        self.found = self.modes()
        self.screen = ""
        self._place = 0
        self.process = subprocess.Popen(
            command,
            cwd=folder,
            env={**environment, "TERM": "xterm", "COLUMNS": "100"},
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            preexec_fn=_own_terminal,
        )

    def modes(self) -> list[Any]:
        """The settings of the terminal."""
        return termios.tcgetattr(self._theirs)

    def read(self, words: str) -> str:
        """Wait until `words` stand on the screen after what was read before; what came."""
        until = time.monotonic() + PATIENCE
        while words not in CODES.sub("", self.screen[self._place :]):
            left = until - time.monotonic()
            assert left > 0, f"{words!r} did not come:\n{self.screen}"
            self._take(left)
        came = CODES.sub("", self.screen[self._place :])
        self._place = len(self.screen)
        return came

    def quiet(self, seconds: float) -> str:
        """What comes to the screen in so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._take(left)
        return CODES.sub("", self.screen[self._place :])

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._ours, keys.encode())

    def tell(self, number: signal.Signals) -> None:
        """Send the command a signal."""
        self.process.send_signal(number)

    def end(self) -> int:
        """Wait for the end; the exit code."""
        until = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < until, f"it does not end:\n{self.screen}"
            self._take(0.05)
        self._take(0.05)
        return self.process.returncode

    def close(self) -> None:
        """End it whatever it does, and give the terminal back."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._ours)
        os.close(self._theirs)

    def _take(self, seconds: float) -> None:
        if select.select([self._ours], [], [], seconds)[0]:
            self.screen += os.read(self._ours, 65536).decode(errors="replace")


def _own_terminal() -> None:
    import fcntl

    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
