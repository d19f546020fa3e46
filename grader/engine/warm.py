"""The engine that stays: one for each user and environment, found through a socket.

Who needs it first makes the socket and hands it to the new process, so that nobody ever waits for
an engine to be ready. Its name carries a fingerprint of Python, llmex and the installed packages:
after a change of any the next command starts another, and asks the old one to leave.
"""

from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import socket
import stat
import struct
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from llmex.grader.engine import frames
from llmex.grader.engine.lines import Engine, EngineLost
from llmex.grader.engine.private import spawn

IDLE_SECONDS = 600
_PATIENCE = 5.0  # seconds for an answer, and for another command that starts the engine
_STARTS_WITHIN = 30.0  # seconds, in which an engine may have to import torch from a slow disk
_LONGEST = 100  # bytes in the path of a socket
_CREDENTIALS = struct.Struct("3i")

_started: list[subprocess.Popen[bytes]] = []  # by this process; they outlive it


class NoWarmEngine(Exception):
    """There is no place for a socket here, or it is not ours to use; a private engine will do."""


class WarmEngine(Engine):
    """The running engine of this user and environment, started if there is none."""

    patience = _STARTS_WITHIN

    def __init__(self) -> None:
        self._path = socket_path()
        self._free = [connect(self._path) or _start(self._path)]

    def take(self) -> socket.socket:
        """A connection to the engine, or to a new one; raises EngineLost where that cannot be.

        One that was used before comes first: a command stays with the engine that it began with,
        also when that has been replaced for others.
        """
        while line := self._kept():
            if _listens(line):
                return line
            line.close()
        try:
            return connect(self._path) or _start(self._path)
        except NoWarmEngine as error:
            raise EngineLost from error

    def _kept(self) -> socket.socket | None:
        with self._lock:
            return self._free.pop() if self._free else None

    def give_back(self, line: socket.socket) -> None:
        """Keep the connection for the next job."""
        with self._lock:
            self._free.append(line)

    def last_words(self) -> str:
        """Nothing: a warm engine's log is a file, and a lost one is replaced."""
        return ""

    def close(self) -> None:
        """Leave; the engine stays for the next command."""
        while line := self._kept():
            line.close()


def ask(question: str) -> list[dict[str, Any]]:
    """Ask every engine of this environment, the current and older ones, and give their answers."""
    answers = []
    with contextlib.suppress(NoWarmEngine):
        for path in sorted(socket_path().parent.glob(_pattern())):
            line = connect(path)
            if line is None:
                continue
            with line, contextlib.suppress(frames.PeerGone, OSError):
                line.settimeout(_PATIENCE)
                frames.send(line, {"do": question})
                answers.append({**frames.receive(line), "current": path == socket_path()})
    return answers


def _pattern() -> str:
    return f"{_environment()}-*.sock"


def socket_path() -> Path:
    """Where the engine of this user, environment and version of everything listens.

    Raises NoWarmEngine where this user has no folder that is theirs alone.
    """
    name = f"{_environment()}-{fingerprint()}.sock"
    for folder in _folders():
        path = folder / name
        if len(os.fsencode(path)) <= _LONGEST and _is_private(folder):
            return path
    raise NoWarmEngine("there is no private folder for its socket")


def _listens(line: socket.socket) -> bool:
    """Whether the engine at the other end of an idle connection is still there."""
    try:
        return bool(line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        return True
    except OSError:
        return False


def connect(path: Path) -> socket.socket | None:
    """A connection to the engine that listens at `path`; None where none does.

    Raises NoWarmEngine if the one that listens is another user's.
    """
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(_PATIENCE)
        line.connect(os.fspath(path))
        line.settimeout(None)
    except OSError:
        line.close()
        return None
    if peer(line) not in (None, os.getuid()):
        line.close()
        raise NoWarmEngine("another user listens there")
    return line


def peer(line: socket.socket) -> int | None:
    """The user at the other end; None where the system does not say."""
    if not hasattr(socket, "SO_PEERCRED"):
        return None
    raw = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(raw)[1])


def _start(path: Path) -> socket.socket:
    """Listen at `path`, hand that to a new engine, and connect to it at once."""
    with _alone(path):
        line = connect(path)
        if line is not None:
            return line
        _retire(path)
        _started[:] = [process for process in _started if process.poll() is None]
        try:
            with _listening(path) as listener, path.with_suffix(".log").open("wb") as log:
                number = listener.fileno()
                _started.append(spawn([f"--listen={number}", f"--path={path}"], [number], log))
        except OSError as error:
            raise NoWarmEngine(str(error)) from error
        line = connect(path)
    if line is None:
        raise NoWarmEngine("it did not start")
    return line


def _listening(path: Path) -> socket.socket:
    """A socket that listens at `path`, which only this user can open."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        listener.bind(os.fspath(path))
        path.chmod(0o600)
        listener.listen(64)
    except OSError:
        listener.close()
        raise
    return listener


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Two commands at once start one engine between them."""
    try:
        lock = os.open(path.with_name("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise NoWarmEngine(str(error)) from error
    try:
        _wait_for(lock)
        yield
    finally:
        os.close(lock)


def _wait_for(lock: int) -> None:
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise NoWarmEngine("another command is starting it") from None
            time.sleep(0.01)


def _retire(current: Path) -> None:
    """Ask engines of this environment that are out of date to leave; clear away dead sockets."""
    for path in current.parent.glob(_pattern()):
        line = connect(path)
        if line is not None and path != current:
            with line, contextlib.suppress(frames.PeerGone, OSError):
                frames.send(line, {"do": "stop"})
        elif line is None:
            for dead in (path, path.with_suffix(".log")):
                with contextlib.suppress(OSError):
                    dead.unlink()


def _folders() -> Iterator[Path]:
    """Where a socket may lie, the best place first."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or "-")
    if runtime.is_absolute():
        yield runtime / "llmex"
    yield Path(gettempdir()) / f"llmex-{os.getuid()}"


def _is_private(folder: Path) -> bool:
    """Whether only this user can enter it, made if it is not there: 0700, theirs, no link."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError:
        return False
    mine = found.st_uid == os.getuid() and not found.st_mode & 0o077
    return stat.S_ISDIR(found.st_mode) and mine


def _environment() -> str:
    place = f"{sys.prefix}\0{Path(__file__).resolve().parent}"
    return hashlib.blake2b(place.encode(), digest_size=4).hexdigest()


@functools.cache
def fingerprint() -> str:
    """Changes when Python, llmex's own code or the installed packages do."""
    code = Path(__file__).resolve().parent.parent
    files = sorted(code.rglob("*.py"))
    installed = Path(sysconfig.get_path("purelib"))
    state = [sys.version, *map(_stamp, (*files, installed, Path(sys.executable)))]
    return hashlib.blake2b("\0".join(state).encode(), digest_size=6).hexdigest()


def _stamp(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:  # gone a moment after it was found
        return f"{path}"
    return f"{path}/{found.st_mtime_ns}/{found.st_size}"
