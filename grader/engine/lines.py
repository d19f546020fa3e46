"""A job over a connection to an engine: send it, hear what happens, read the result."""

from __future__ import annotations

import contextlib
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from llmex.grader.engine import frames
from llmex.grader.errors import LlmexError

Event = dict[str, Any]


class EngineLost(Exception):
    """The engine went away before the judge could answer; another may do the work."""


class Abandoned(Exception):
    """Whoever wanted the verdict wants it no more."""


class Engine(ABC):
    """A clean process that forks judges and workers, as those who have a job for it see it.

    Several threads may have jobs at once, each on a connection of its own.

    `patience`: the seconds in which it must have taken a job, where another could do it instead.
    """

    patience: float | None = None
    _busy: frozenset[socket.socket] = frozenset()
    _lock = threading.Lock()

    @abstractmethod
    def take(self) -> socket.socket:
        """A connection for one job."""

    @abstractmethod
    def give_back(self, line: socket.socket) -> None:
        """Return a connection whose job has ended."""

    @abstractmethod
    def last_words(self) -> str:
        """What the engine wrote before it ended, one line."""

    @abstractmethod
    def close(self) -> None:
        """Leave the engine; one that nobody else can reach ends, with all that it started."""

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(
        self, job: dict[str, Any], on_event: Callable[[Event], None] | None = None
    ) -> dict[str, Any]:
        """Judge one job and give its result; events on the way go to `on_event`.

        Raises EngineLost if the engine ended, LlmexError (exit code 3) if the judge did, and
        Abandoned after `abandon`.
        """
        line = self.take()
        with self._lock:
            self._busy |= {line}
        try:
            result = _converse(_events(line, job, self.patience), on_event or (lambda _: None))
        except BaseException as error:
            line.close()
            if line not in self._busy:
                raise Abandoned from error
            raise
        finally:
            with self._lock:
                self._busy -= {line}
        self.give_back(line)
        return result

    def abandon(self) -> None:
        """From another thread: give up the jobs that run; their judges are ended."""
        with self._lock:
            lines, self._busy = self._busy, frozenset()
        for line in lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def warm(self, imports: Sequence[str]) -> None:
        """Let the engine import libraries while this process does other things."""
        try:
            line = self.take()
        except EngineLost:  # whoever has a job will see to that
            return
        try:
            frames.send(line, {"do": "warm", "imports": list(imports)})
        except frames.PeerGone:
            line.close()
        else:
            self.give_back(line)


def _events(line: socket.socket, job: dict[str, Any], patience: float | None) -> Iterator[Event]:
    try:
        line.settimeout(patience)
        frames.send(line, {"do": "judge", "imports": job["imports"], "hidden": job["hidden"]})
        frames.receive(line)  # a judge is there
        line.settimeout(None)
        frames.send(line, job)
        while True:
            yield frames.receive(line)
    except (frames.PeerGone, TimeoutError) as error:
        raise EngineLost from error


def _converse(events: Iterator[Event], on_event: Callable[[Event], None]) -> dict[str, Any]:
    result: dict[str, Any] | None = None
    for event in events:
        if event["event"] == "result":
            result = event["result"]
        elif event["event"] == "end":
            if result is None:
                could_not_judge(" ".join(map(str, event["cause"])))
            return result
        else:
            on_event(event)
    raise EngineLost


def could_not_judge(why: str) -> NoReturn:
    """Say that judging itself failed: no verdict, nobody's fault but llmex's."""
    raise LlmexError(
        "llmex could not judge: its judging process ended ({why}).",
        "Nothing was recorded. Try again; if it happens again, run  llmex doctor",
        exit_code=3,
        why=why,
    )
