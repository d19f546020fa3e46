"""The ground on which attacks are let loose with one wall or another taken away."""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from llmex.grader.engine import children, walls
from llmex.grader.learner import Learner
from llmex.grader.sandbox import SubjectStopped, Worker
from llmex.grader.trace import LearnerFault
from llmex.grader.worker import landlock, lockdown
from llmex.grader.worker.main import run_worker
from tests.escape.attacks import Attack

LAYERS = lockdown.LAYERS | {"files"}
NOBODY = 65534
LIMITS = {"cpu_s": 5, "wall_s": 10, "memory_mb": 512}
# An unprivileged user may not be able to read where Python lies: attacks find it in memory.
_NEEDED = (
    "ctypes mmap socket subprocess threading resource fcntl signal importlib.util random gc time"
).split()
_PR_SET_DUMPABLE = 4
_TOKEN = secrets.token_hex(16)
_IN_MEMORY = ctypes.create_string_buffer(_TOKEN.encode())


@dataclass
class World:
    """What there is to reach: a secret, a file to spoil, processes and sockets of others."""

    folder: Path
    twin: int
    pid: int
    port: int
    abstract: str = field(default_factory=lambda: "llmex-" + secrets.token_hex(6))
    token: str = _TOKEN

    def told(self) -> dict[str, Any]:
        """What an attack is told."""
        names = {"secret": "secret.txt", "hidden": "hidden/suite.py", "victim": "victim.txt"}
        paths = {key: str(self.folder / name) for key, name in names.items()}
        return paths | {
            "folder": str(self.folder / "open"), "socket": str(self.folder / "socket"),
            "pid": self.pid, "twin": self.twin, "port": self.port, "token": self.token,
            "abstract": self.abstract, "address": ctypes.addressof(_IN_MEMORY),
            "threads": _running() + 2 * walls.THREADS,
        }  # fmt: skip

    def lay_out(self, uid: int) -> None:
        """Put every file back in its place, as a user's own."""
        shutil.rmtree(self.folder / "open", ignore_errors=True)
        for name in ("open", "hidden"):
            (self.folder / name).mkdir(exist_ok=True)
        for name in ("secret.txt", "hidden/suite.py", "victim.txt"):
            (self.folder / name).write_text(f'TOKEN = "{self.token}"\n')
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, uid, -1)

    def escaped(self) -> bool:
        """Whether a program was run that wrote something."""
        return (self.folder / "open" / "escaped").exists()


def _running() -> int:
    return int(Path("/proc/loadavg").read_text().split()[3].partition("/")[2])


def users() -> list[str]:
    """As whom attacks can be let loose here."""
    return ["root", "nobody"] if os.getuid() == 0 else ["user"]


def uid_of(user: str) -> int:
    """The number of a user."""
    return NOBODY if user == "nobody" else os.getuid()


def become(user: str) -> None:
    """Change to a user for good."""
    if user == "nobody":
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)


def without_powers(user: str) -> None:
    """A user who is a plain one, even where it is root."""
    become(user)
    lockdown._prctl(38, 1)
    lockdown._drop_capabilities()


@contextlib.contextmanager
def world(user: str) -> Iterator[World]:
    """A world of a user's own."""
    for name in _NEEDED:
        importlib.import_module(name)
    folder = Path(tempfile.mkdtemp(prefix="llmex-escape-"))
    folder.chmod(0o755)
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        pid = stack.enter_context(_another(user))
        twin = stack.enter_context(_twin(user))
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        made = World(folder, twin, pid, tcp.getsockname()[1])
        for name in (str(folder / "socket"), "\0" + made.abstract):
            line = stack.enter_context(socket.socket(socket.AF_UNIX))
            line.bind(name)
            line.listen(64)
        made.lay_out(uid_of(user))
        yield made


@contextlib.contextmanager
def _another(user: str) -> Iterator[int]:
    """A process of the user with a token in its arguments and its environment."""
    process = subprocess.Popen(
        ["/bin/sh", "-c", "read line", _TOKEN],
        env={"TOKEN": _TOKEN},
        stdin=subprocess.PIPE,
        preexec_fn=lambda: without_powers(user),
    )
    try:
        yield process.pid
    finally:
        process.kill()
        process.communicate()


@contextlib.contextmanager
def _twin(user: str) -> Iterator[int]:
    """A process with a token in its memory, at the same address as in ours."""
    ready, tell = os.pipe()
    pid = os.fork()
    if not pid:
        with contextlib.suppress(BaseException):
            without_powers(user)
            os.write(tell, b"x")
            while True:
                os.sched_yield()
                __import__("time").sleep(60)
        os._exit(0)
    os.read(ready, 1)
    os.close(ready)
    os.close(tell)
    try:
        yield pid
    finally:
        os.kill(pid, 9)
        os.waitpid(pid, 0)


@cache
def ruleset(hidden: str) -> int:
    """Landlock's ruleset, built as the engine builds it."""
    return walls.Walls().build((hidden,))


def hatch(layers: Collection[str], user: str, hidden: str) -> Worker:
    """A worker with just these layers."""
    number = ruleset(hidden) if "files" in layers else walls.NONE
    limits = LIMITS | {"baseline": lockdown.address_space()}

    def before() -> None:
        become(user)
        if "limits" in layers:
            walls.few_threads()
        if number != walls.NONE:
            if "privileges" in layers or os.getuid():
                lockdown._prctl(38, 1)
            landlock.enter(number)

    def run(sock: socket.socket) -> NoReturn:
        run_worker(sock, limits, layers)

    fork = children.fork if "descriptors" in layers else _fork_with_all
    pid, ours = fork(run, before)
    return Worker(ours, lambda: children.end(pid), limits)


def _fork_with_all(
    run: Callable[[socket.socket], NoReturn], before: Callable[[], None]
) -> tuple[int, socket.socket]:
    """Fork a child that keeps every descriptor."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        with contextlib.suppress(BaseException):
            before()
            run(theirs)
        os._exit(71)
    theirs.close()
    return pid, ours


def reaches(attack: Attack, layers: Collection[str], user: str, there: World) -> bool:
    """Whether an attack gets what it wants with just these layers."""
    there.lay_out(uid_of(user))
    said = ""
    with open(there.folder / "secret.txt", "rb"):  # what a careless engine would leave open
        worker = hatch(layers, user, str(there.folder / "hidden"))
    try:
        learner = Learner(worker)
        learner.open({"answer": attack.source(there.told())}, "answer")
        learner.begin(0)
        said = str(learner.reach())
    except (LearnerFault, SubjectStopped) as error:
        said = f"{type(error).__name__}"
    finally:
        worker.close()
    return there.token in said or there.escaped()
