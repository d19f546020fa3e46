"""Forked children of the engine: how they are made clean, ended and accounted for."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import selectors
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

from llmex.grader.worker.lockdown import address_space

Cause = tuple[str, int]
_PR_SET_PDEATHSIG = 1
_MOMENT, _MOMENTS = 0.0005, 60  # seconds, and how many of them
_JUDGE_MB, _JUDGE_CPU_S = 4096, 3600
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Worker:
    """A process in which one subject runs; it belongs to one judge."""

    pid: int
    scratch: str = ""
    cause: Cause | None = None


@dataclass
class Judge:
    """A process in which a suite runs, with the workers that it asked for."""

    pid: int
    client: socket.socket
    control: socket.socket
    hidden: tuple[str, ...] = ()
    imports: list[str] = field(default_factory=list)
    workers: dict[int, Worker] = field(default_factory=dict)


def can_fork() -> bool:
    """Whether a child may go on with what its parent has imported.

    Not on macOS, whose own libraries do not survive it; LLMEX_FORK=off does without anywhere.
    """
    return sys.platform != "darwin" and os.environ.get("LLMEX_FORK") != "off"


def fork(
    run: Callable[[socket.socket], NoReturn], before: Callable[[], None] = lambda: None
) -> tuple[int, socket.socket]:
    """Fork a child that holds one end of a socket and no other descriptor; give the other end.

    The child has the default signal handlers and never returns from `run`. `before` runs in it
    while it still holds the engine's descriptors.
    """
    ours, theirs = socket.socketpair()
    parent, pid = os.getpid(), os.fork()
    if pid:
        theirs.close()
        return pid, ours
    _become_child(lambda: _worker(run, before, theirs), parent)


def fork_judge(
    run: Callable[[socket.socket, socket.socket], NoReturn], client: socket.socket
) -> tuple[int, socket.socket]:
    """Fork a judge that keeps its client's connection and a control socket to the engine."""
    ours, theirs = socket.socketpair()
    parent, pid = os.getpid(), os.fork()
    if pid:
        theirs.close()
        return pid, ours
    _become_child(lambda: _judge(run, client, theirs), parent)


def _judge(
    run: Callable[[socket.socket, socket.socket], NoReturn],
    client: socket.socket,
    control: socket.socket,
) -> NoReturn:
    first, second = os.dup(client.fileno()), os.dup(control.fileno())
    keep = sorted((first, second))
    os.closerange(3, keep[0])
    os.closerange(keep[0] + 1, keep[1])
    os.closerange(keep[1] + 1, _descriptors())
    bound_judge()
    run(socket.socket(fileno=first), socket.socket(fileno=second))


def bound_judge() -> None:
    """Whatever an answer makes of its replies: a judge dies before the machine suffers."""
    most = address_space() + (_JUDGE_MB << 20)
    for what, value in ((resource.RLIMIT_AS, most), (resource.RLIMIT_CPU, _JUDGE_CPU_S)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (value, value))


def _worker(
    run: Callable[[socket.socket], NoReturn], before: Callable[[], None], sock: socket.socket
) -> NoReturn:
    before()
    run(_only(sock))


def _become_child(body: Callable[[], NoReturn], parent: int) -> NoReturn:
    code = 70
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        die_with_parent(parent)
        body()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:  # nothing may climb back into the engine's own loop
        code = 71
        if os.environ.get("LLMEX_DEBUG"):
            import traceback

            traceback.print_exc()
    os._exit(code)


def die_with_parent(parent: int) -> None:
    """Let the system end this process with the one that made it, where it can."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(70)


def _only(sock: socket.socket) -> socket.socket:
    """The same socket as descriptor 3, with every other descriptor above 2 closed."""
    number = os.dup(sock.fileno())
    if number != 3:
        os.dup2(number, 3)
    os.closerange(4, _descriptors())
    return socket.socket(fileno=3)


def _descriptors() -> int:
    try:
        return max(int(name) for name in os.listdir("/proc/self/fd")) + 1
    except OSError:
        return min(os.sysconf("SC_OPEN_MAX"), 65536)


def end(pid: int) -> Cause:
    """End a child, and say how it ended: ("exit", code), ("signal", n) or ("killed", SIGKILL).

    A child that is on its way out is given a moment, so that its own end is told from ours.
    """
    for _ in range(_MOMENTS):
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return cause_of(status)
        time.sleep(_MOMENT)
    os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return ("killed", signal.SIGKILL) if os.WIFSIGNALED(status) else cause_of(status)


def end_worker(worker: Worker | None) -> Cause:
    """End a worker, if it still lives, and clear away what it wrote."""
    if worker is None:
        return ("exit", 0)
    cause = worker.cause or end(worker.pid)
    if worker.scratch:
        shutil.rmtree(worker.scratch, ignore_errors=True)
    return cause


def ended(pid: int) -> Cause | None:
    """How a child has ended; None while it lives."""
    done, status = os.waitpid(pid, os.WNOHANG)
    return cause_of(status) if done else None


def cause_of(status: int) -> Cause:
    """A wait status in words: ("exit", code) or ("signal", number)."""
    if os.WIFSIGNALED(status):
        return ("signal", os.WTERMSIG(status))
    return ("exit", os.WEXITSTATUS(status))


def wake_on_signals(selector: selectors.BaseSelector) -> socket.socket:
    """A socket that becomes readable whenever a child ends, or this process is told to."""
    reading, writing = socket.socketpair()
    reading.setblocking(False)
    writing.setblocking(False)
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(writing.detach(), warn_on_full_buffer=False)
    selector.register(reading, selectors.EVENT_READ)
    return reading
