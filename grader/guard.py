"""Ends a worker that computes or writes more than it may, and a judge's look at what it gave."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import threading
from collections.abc import Iterator

from llmex.grader.cost import seconds_of

SCRATCH_MB, SCRATCH_FILES = 64, 1000  # in all; each file has its own limit
_GRACE_S = 2.0  # of processor time, in which a worker is ended by its own limit
_OFTEN, _SELDOM = 0.02, 0.2  # seconds between two looks


class Overdue(BaseException):
    """This process has computed for too long over one check."""


@contextlib.contextmanager
def bounded(seconds: float) -> Iterator[None]:
    """Raise Overdue in the block once this process has computed for so many seconds there.

    What a reply holds can be chosen to be slow to compare. It is raised again every second until
    the block ends: what runs in a `__del__` swallows it. In the main thread only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    try:
        signal.signal(signal.SIGPROF, _ring)
        signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0.0)


def _ring(*_: object) -> None:
    if signal.getitimer(signal.ITIMER_PROF)[1]:  # not one that was on its way
        raise Overdue


class Guard:
    """Looks at one worker from outside while it lives.

    `exceeded` is "cpu" or "scratch" once it has killed the worker for that.
    """

    def __init__(self, pid: int, scratch: str = "") -> None:
        self.exceeded = ""
        self._pid, self._scratch = pid, scratch
        self._most = math.inf
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def allow(self, cpu_s: float) -> None:
        """Let the worker compute for so many seconds from now."""
        self._most = seconds_of(self._pid) + cpu_s + _GRACE_S

    def close(self) -> None:
        """Look no more; after this the worker's number may be another process's."""
        self._closed.set()
        self._thread.join()

    def _look(self) -> None:
        with contextlib.ExitStack() as stack:
            descriptor = _descriptor(self._pid)
            if descriptor is not None:
                stack.callback(os.close, descriptor)
            while not self._closed.wait(_OFTEN if self._scratch else _SELDOM):
                self.exceeded = self._found()
                if self.exceeded:
                    _kill(self._pid, descriptor)
                    return

    def _found(self) -> str:
        if seconds_of(self._pid) > self._most:
            return "cpu"
        return "scratch" if self._scratch and overflows(self._scratch) else ""


def overflows(folder: str, megabytes: int = SCRATCH_MB, files: int = SCRATCH_FILES) -> bool:
    """Whether a folder holds more bytes, or more files, than it may."""
    count = size = 0
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            count += 1
            with contextlib.suppress(OSError):
                size += entry.stat(follow_symlinks=False).st_blocks * 512
            if count > files or size > megabytes << 20:
                return True
    return False


def _descriptor(pid: int) -> int | None:
    """What stands for this very process, also when its number has been given to another."""
    with contextlib.suppress(OSError, AttributeError):
        return os.pidfd_open(pid)
    return None


def _kill(pid: int, descriptor: int | None) -> None:
    with contextlib.suppress(OSError):
        if descriptor is None:
            os.kill(pid, signal.SIGKILL)
        else:
            signal.pidfd_send_signal(descriptor, signal.SIGKILL)
