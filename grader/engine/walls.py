"""Which files workers may open: one Landlock ruleset for many workers, built by the engine."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
from pathlib import Path

from llmex.grader.worker import landlock

_PR_SET_NO_NEW_PRIVS = 38
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
NONE = -1
THREADS = 256  # that a worker may start beyond what runs on this machine anyway


class Walls:
    """Rulesets by what they hide, kept for the engine's life; one with a scratch folder is not."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], int] = {}

    def build(self, hidden: tuple[str, ...], scratch: str = "") -> int:
        """A ruleset's descriptor that hides llmex and `hidden`; NONE where there is no Landlock."""
        if not scratch and hidden in self._kept:
            return self._kept[hidden]
        try:
            own = [*landlock.own_paths(), *(Path(os.path.realpath(path)) for path in hidden)]
            folder = Path(scratch) if scratch else None
            number = landlock.ruleset(landlock.interpreter_paths(), own, folder)
        except OSError:
            number = NONE
        if not scratch and (number != NONE or not landlock.version()):
            self._kept[hidden] = number  # what failed for another reason is tried again
        return number

    def done(self, number: int) -> None:
        """Close a ruleset that was for one worker only."""
        if number != NONE and number not in self._kept.values():
            os.close(number)


def enter(number: int) -> None:
    """Enter a ruleset, in the worker. What that achieved the worker observes for itself."""
    few_threads()
    if number == NONE:
        return
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    try:
        landlock.enter(number)
    except OSError:
        return


def few_threads() -> None:
    """Let this process start no more than `THREADS` threads, where it is not root's.

    The system counts all that a user runs: so the limit lies above everything that runs now.
    """
    with contextlib.suppress(OSError, ValueError, IndexError):
        number = os.open("/proc/loadavg", os.O_RDONLY)
        running = int(os.read(number, 100).split()[3].partition(b"/")[2])
        os.close(number)
        most = running + THREADS
        resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
