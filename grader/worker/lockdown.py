"""Locks the worker's process before an answer is loaded, and says what that achieved."""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from llmex.grader.worker import seccomp

MEMORY_MB, CPU_S, OPEN_FILES, SCRATCH_MB = 1024, 10, 64, 16
LONGEST_LIFE_S = 3600  # of CPU, over all checks of a subject
LAYERS = frozenset({"limits", "privileges", "system calls", "descriptors"})
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_CAPABILITIES = (0x20080522, 0)  # the version of the call, and whose: one's own
_Header, _Sets = ctypes.c_uint32 * 2, ctypes.c_uint32 * 6


@dataclass(frozen=True)
class Achieved:
    """What holds in this process from now on."""

    memory: bool = False
    cpu: bool = False
    files: bool = False
    core: bool = False
    no_new_privileges: bool = False
    not_dumpable: bool = False
    dies_with_parent: bool = False
    no_capabilities: bool = False
    no_files: bool = False
    no_sockets: bool = False
    no_processes: bool = False

    @property
    def tier(self) -> str:
        """T2 where the kernel was seen to refuse files, sockets and processes; T1 where only the
        limits of the process hold; else T0."""
        if not (self.memory and self.cpu and self.files):
            return "T0"
        walls = (self.no_files, self.no_sockets, self.no_processes)
        powers = (self.no_new_privileges, self.no_capabilities)
        return "T2" if all((*walls, *powers)) else "T1"

    @property
    def missing(self) -> tuple[str, ...]:
        """What does not hold here, by the names of the fields."""
        return tuple(name for name, holds in vars(self).items() if not holds)


def lock(limits: Mapping[str, Any], layers: Collection[str] = LAYERS) -> Achieved:
    """Apply every limit that this system has. `limits` are those of exercise.yaml.

    A test that asks what one of the `layers` is good for leaves it out.
    """
    achieved = _limit_all(limits) if "limits" in layers else {}
    if sys.platform == "linux" and "privileges" in layers:
        achieved |= {
            "no_new_privileges": _prctl(_PR_SET_NO_NEW_PRIVS, 1),
            "not_dumpable": _prctl(_PR_SET_DUMPABLE, 0),
            "dies_with_parent": _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL),
            "no_capabilities": _drop_capabilities(),
        }
    if "system calls" in layers:
        with contextlib.suppress(OSError):
            seccomp.install(scratch=bool(limits.get("scratch")))
    return Achieved(**achieved, **observed())


def _limit_all(limits: Mapping[str, Any]) -> dict[str, bool]:
    space = int(limits.get("baseline") or address_space()) + (
        int(limits.get("memory_mb", MEMORY_MB)) << 20
    )
    written = SCRATCH_MB << 20 if limits.get("scratch") else 0
    return {
        "memory": _limit(resource.RLIMIT_AS, space),
        "files": _limit(resource.RLIMIT_FSIZE, written)
        and _limit(resource.RLIMIT_NOFILE, OPEN_FILES),
        "core": _limit(resource.RLIMIT_CORE, 0),
        "cpu": allow_cpu(int(limits.get("cpu_s", CPU_S)), hard=LONGEST_LIFE_S),
    }


def observed() -> dict[str, bool]:
    """What the kernel refuses this process: seen by trying, not by what was asked for."""
    return {
        "no_files": _refused(lambda: os.open(__file__, os.O_RDONLY))
        and _refused(lambda: os.open("/etc/passwd", os.O_RDONLY)),
        "no_sockets": _refused(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).detach()),
        "no_processes": sys.platform == "linux" and _refused(_fork),
    }


def _fork() -> int:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return -1


def _refused(attempt: Callable[[], int]) -> bool:
    """Whether an attempt is refused; what it opened is closed again."""
    try:
        number = attempt()
    except PermissionError:
        return True
    except OSError:
        return False
    if number >= 0:
        os.close(number)
    return False


def allow_cpu(seconds: int, hard: int | None = None) -> bool:
    """Let the process use so many more seconds of CPU before SIGXCPU ends it."""
    used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    _, highest = resource.getrlimit(resource.RLIMIT_CPU)
    if hard is not None and highest == resource.RLIM_INFINITY:
        highest = int(used) + hard
    soft = int(used) + 1 + seconds
    if highest != resource.RLIM_INFINITY:
        soft = min(soft, highest)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, highest))
        return True
    return False


def _limit(what: int, value: int) -> bool:
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(what, (value, value))
        return True
    return False


def address_space() -> int:
    """The bytes of address space that this process has now: libraries alone may take 650 MB.

    Behind the walls a worker cannot read it: whoever forks it gives it as `baseline`.
    """
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1 << 30


def _prctl(option: int, value: int) -> bool:
    return _LIBC is not None and bool(_LIBC.prctl(option, value, 0, 0, 0) == 0)


def _drop_capabilities() -> bool:
    """Give up what root may do beyond its own files: limits raised, memory pages taken offline."""
    header, none, left = _Header(*_CAPABILITIES), _Sets(), _Sets()
    try:
        assert _LIBC is not None
        _LIBC.capset(header, none)
        return bool(_LIBC.capget(header, left) == 0) and not any(left)
    except AttributeError:  # a C library without it
        return False
