"""When a file was saved: told by the system, or found by looking again and again."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterable
from pathlib import Path

LOOK_EVERY = 1.0  # seconds, while the system tells
POLL_EVERY = 0.2  # seconds, where it does not
LATE = 0.5  # a change that was told by then needs no looking
STEP_MS = 20  # how long changes are gathered
STEADY, UNSTEADY = 0.03, 0.4  # seconds without a change, and how long to wait for them

State = tuple[tuple[str, int, int, int], ...]


class Saves:
    """Watches some folders. `descriptor` becomes readable when something may have been saved."""

    def __init__(self, folders: Iterable[Path], *, poll: bool = False) -> None:
        self.folders = tuple(folders)
        self.polls = poll
        self.descriptor, self._tell = os.pipe()
        os.set_blocking(self.descriptor, False)
        self._over = threading.Event()
        self._told = 0.0
        self._state = self.state()
        self._hand: threading.Thread | None = None
        if not poll:
            self._listen()

    @property
    def patience(self) -> float:
        """The seconds after which to look although nothing was told."""
        return POLL_EVERY if self.polls else LOOK_EVERY

    def changed(self) -> bool:
        """Whether a file is another than at the last look, once it stays as it is.

        A change that the system did not tell of: from then on `polls` is true.
        """
        with contextlib.suppress(BlockingIOError):
            while os.read(self.descriptor, 64):
                self._told = time.monotonic()
        now = self.state()
        if now == self._state:
            return False
        if not self.polls and not self._was_told():
            self.polls = True
        self._settle()
        return True

    def _settle(self) -> None:
        """Wait until the files stay as they are: an editor writes in several steps."""
        until = time.monotonic() + UNSTEADY
        whole = {name for name, _, size, _ in self._state if size}
        while time.monotonic() < until:
            before = self.state()
            time.sleep(STEADY)
            if self.state() == before and whole <= {name for name, _, size, _ in before if size}:
                break
        self._state = self.state()

    def state(self) -> State:
        """What tells one state of the files from another: name, time, size and identity."""
        return tuple(sorted(one for folder in self.folders for one in _files(folder)))

    def close(self) -> None:
        """Watch no more."""
        self._over.set()
        if self._hand is not None:
            self._hand.join(2)
        os.close(self.descriptor)
        os.close(self._tell)

    def _was_told(self) -> bool:
        """Whether the system told of a change, at the latest a moment after it was seen."""
        until = time.monotonic() + LATE
        while time.monotonic() - self._told > LOOK_EVERY + LATE:
            if time.monotonic() > until:
                return False
            time.sleep(STEADY)
            with contextlib.suppress(BlockingIOError):
                if os.read(self.descriptor, 64):
                    self._told = time.monotonic()
        return True

    def _listen(self) -> None:
        try:
            import watchfiles
        except ImportError:
            self.polls = True
            return
        ready = threading.Event()

        def hear() -> None:
            try:
                changes = watchfiles.watch(
                    *self.folders,
                    watch_filter=None,
                    debounce=10 * STEP_MS,
                    step=STEP_MS,
                    stop_event=self._over,
                    rust_timeout=250,
                    yield_on_timeout=True,
                    recursive=False,
                    raise_interrupt=False,
                )
                for found in changes:
                    ready.set()
                    if found:
                        os.write(self._tell, b".")
            except Exception:  # too many watches, a file system without: looking still works
                self.polls = True
            ready.set()

        self._hand = threading.Thread(target=hear, daemon=True)
        self._hand.start()


def _files(folder: Path) -> Iterable[tuple[str, int, int, int]]:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    with contextlib.suppress(OSError):
                        found = os.stat(entry.path)
                        yield entry.path, found.st_mtime_ns, found.st_size, found.st_ino
    except OSError:
        return
