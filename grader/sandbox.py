"""The judge's end of one worker: requests and replies, deadlines, and how a subject was stopped."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn

from llmex.grader.guard import SCRATCH_FILES, SCRATCH_MB, Guard
from llmex.grader.report import Sentence
from llmex.grader.worker import lockdown
from llmex.grader.worker.main import remove_scratch
from llmex.grader.worker.wire import LARGEST_FRAME, Channel, Frame, PeerGone, WireError, unpack

WALL_S = 20.0
_MOST_NAMES = 200
_MOST_PRINTED = 1 << 16
_MOST_LOST = 1 << 53
_MOST_BACK_MB = 1024

TOO_LONG = "It ran longer than {seconds} seconds and was stopped."
TOO_MUCH_CPU = "It used more than {seconds} seconds of processor time and was stopped."
TOO_MUCH_MEMORY = "It asked for more than {megabytes} MB of memory."
TOO_MUCH_WRITTEN = "It wrote more than {megabytes} MB or {files} files into its scratch folder."
TOO_MUCH_OUTPUT = "It printed more than {megabytes} MB."
EXITED = "It ended the Python interpreter with exit code {code}."
CRASHED = "The interpreter crashed ({signal})."
TOO_MUCH_BACK = "It returned more than {megabytes} MB in one check."
KILLED = "The system ended it ({signal})."
TOO_SLOW = "Comparing what it returned took more than {seconds} seconds."
BROKEN = "It broke the connection on which its results come back."

Cause = tuple[str, int]


class SubjectStopped(Exception):
    """A subject's worker has come to an end; `cause` says how, `where` in which call."""

    def __init__(self, cause: Sentence, where: str = "") -> None:
        self.cause, self.where = cause, where
        super().__init__(cause.english())


class Reply(NamedTuple):
    """What came back: how it ended ("value", "raised", ...), what, and the frame it came in."""

    ending: str
    what: Any
    extras: list[list[Any]]
    frame: Frame


class Worker:
    """One subject's worker, seen from the judge.

    `end()` kills the process if it still lives and says how it ended: ("signal", number) or
    ("exit", code). `limits` are those of exercise.yaml. After the first stop every request raises
    the same SubjectStopped.
    """

    def __init__(
        self,
        sock: socket.socket,
        end: Callable[[], Cause],
        limits: Mapping[str, Any] | None = None,
        pid: int = 0,
    ) -> None:
        self.pid = pid
        self.limits = dict(limits or {})
        self.output, self.output_lost = "", 0
        self.delegated: set[str] = set()
        self.tier, self.scratch = "", ""
        self.lacks: tuple[str, ...] = ()
        self.stopped: SubjectStopped | None = None
        self._end: Callable[[], Cause] | None = end
        self._guard: Guard | None = None
        takes = min(int(self.limits.get("reply_mb", 32)) << 20, LARGEST_FRAME)
        self._channel = Channel(sock, takes=takes)
        self._back = 0
        self._long = False

    def start_clock(self, long: bool = False) -> None:
        """Allow so many seconds from now, for one check; a `long` one may have its own limits."""
        self._long = long
        self._channel.deadline = time.monotonic() + self._seconds("wall_s", WALL_S)
        self._back = 0
        if self._guard is not None:
            self._guard.allow(self.cpu_s)

    def request(self, frame: Frame, where: str) -> Reply:
        """Send a request and wait for what comes: a reply, or a callback of the judge's.

        SubjectStopped at the worker's end, whatever its cause; `where` names the call.
        """
        if self.stopped is not None:
            raise self.stopped
        if frame.size > LARGEST_FRAME:
            raise ValueError(f"{where}: a suite may not send more than {LARGEST_FRAME >> 20} MB")
        if not self.tier:
            self._greet()
        try:
            self._channel.send(frame)
            reply = self._read()
        except TimeoutError:
            self._stop(Sentence(TOO_LONG, {"seconds": self.wall_s}), where)
        except PeerGone:
            self._stop(None, where)
        except WireError:
            self._stop(Sentence(BROKEN), where)
        self._back += reply.frame.size
        if self._back > _MOST_BACK_MB << 20:
            self._stop(Sentence(TOO_MUCH_BACK, {"megabytes": _MOST_BACK_MB}), where)
        if reply.ending == "stopped":
            self._stop(self._said(reply.what), where)
        return reply

    def _greet(self) -> None:
        """Hear what the worker says before any code of the subject has run."""
        if self._channel.deadline is None:
            self.start_clock()
        try:
            self.tier, self.scratch, missing = self._read().what
        except (PeerGone, TimeoutError, WireError, ValueError) as error:
            self.close()
            raise RuntimeError(f"a worker did not start ({type(error).__name__})") from None
        self.lacks = tuple(missing)
        if self.pid:
            self._guard = Guard(self.pid, self.scratch)
            self._guard.allow(self.cpu_s)

    def _read(self) -> Reply:
        frame = self._channel.receive()
        message = unpack(frame.body)
        if type(message) is not list or len(message) != 3 or type(message[0]) is not str:
            raise WireError("no reply")
        return Reply(message[0], message[1], self._note(message[2]), frame)

    def _note(self, extras: Any) -> list[list[Any]]:
        """Keep what concerns the subject as a whole; give back what concerns the call."""
        rest = []
        for extra in _checked(extras):
            match extra:
                case ["seen", list(names)] if len(self.delegated) < _MOST_NAMES:
                    self.delegated.update(str(name)[:200] for name in names[:_MOST_NAMES])
                case ["out", str(text), int(lost)]:
                    room = max(_MOST_PRINTED - len(self.output), 0)
                    self.output += text[:room]
                    lost = min(max(lost, 0), _MOST_LOST) + len(text[room:])
                    self.output_lost = min(self.output_lost + lost, _MOST_LOST)
                    rest.append(["out", text[:room]])
                case _:
                    rest.append(extra)
        return rest

    def too_slow(self) -> NoReturn:
        """End a worker whose values take the judge too long to look at."""
        self._stop(Sentence(TOO_SLOW, {"seconds": self.wall_s}), "")

    def _said(self, what: Any) -> Sentence | None:
        """The cause that a worker gave itself before it ended."""
        match what:
            case ["exit", int(code)]:
                return Sentence(EXITED, {"code": code})
            case ["memory", _]:
                return Sentence(TOO_MUCH_MEMORY, {"megabytes": self._megabytes()})
            case ["output", int(megabytes)]:
                return Sentence(TOO_MUCH_OUTPUT, {"megabytes": megabytes})
        return Sentence(BROKEN)

    def _stop(self, cause: Sentence | None, where: str) -> NoReturn:
        end, self._end = self._end, None
        self._dismiss()
        how = end() if end is not None else ("exit", 0)
        self.stopped = SubjectStopped(cause or self._cause_of(how), where)
        self._channel.close()
        raise self.stopped from None

    def _cause_of(self, how: Cause) -> Sentence:
        kind, number = how
        exceeded = self._guard.exceeded if self._guard else ""
        if exceeded == "scratch":
            return Sentence(TOO_MUCH_WRITTEN, {"megabytes": SCRATCH_MB, "files": SCRATCH_FILES})
        if exceeded == "cpu":
            number = signal.SIGXCPU
        if kind == "killed":  # it lived on, but not its end of the connection
            return Sentence(BROKEN)
        if kind == "exit":
            return Sentence(EXITED, {"code": number})
        if number == signal.SIGXCPU:
            return Sentence(TOO_MUCH_CPU, {"seconds": self.cpu_s})
        name = signal.Signals(number).name if number in set(signal.Signals) else str(number)
        return Sentence(KILLED if number == signal.SIGKILL else CRASHED, {"signal": name})

    def _dismiss(self) -> None:
        if self._guard is not None:
            self._guard.close()

    @property
    def wall_s(self) -> float:
        """How many seconds the check that is under way may take."""
        return _number(self._seconds("wall_s", WALL_S))

    def allowed_s(self, long: bool) -> float:
        """How many seconds a check may take, before it has begun."""
        self._long = long
        return self.wall_s

    @property
    def cpu_s(self) -> int:
        """How many seconds the subject may compute in the check that is under way."""
        return int(self._seconds("cpu_s", lockdown.CPU_S))

    def _seconds(self, limit: str, usual: float) -> float:
        own = self.limits.get(f"long_{limit}") if self._long else None
        return float(own or self.limits.get(limit, usual))

    def _megabytes(self) -> int:
        return int(self.limits.get("memory_mb", lockdown.MEMORY_MB))

    def halt(self, cause: Sentence) -> NoReturn:
        """End a worker for a reason of the judge's own."""
        self._stop(cause, "")

    def broken(self, where: str) -> NoReturn:
        """End a worker whose reply was a frame but made no sense."""
        self._stop(Sentence(BROKEN), where)

    def close(self) -> None:
        """End the worker."""
        if self._end is not None:
            end, self._end = self._end, None
            self._channel.close()
            self._dismiss()
            end()
        if self.scratch.startswith("/") and self.limits.get("scratch") is True:
            remove_scratch(self.scratch)


def _checked(extras: Any) -> list[list[Any]]:
    if type(extras) is not list or not all(type(e) is list and e for e in extras):
        raise WireError("extras that are none")
    return extras


def _number(seconds: float) -> int | float:
    return int(seconds) if seconds == int(seconds) else seconds
