"""The worker's process: locked, then answering the judge until it leaves."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Collection, Mapping
from typing import Any, NoReturn

from llmex.grader.worker import lockdown, output
from llmex.grader.worker.host import Host
from llmex.grader.worker.notices import Notices
from llmex.grader.worker.wire import LARGEST_FRAME, Channel, Frame, pack


def run_worker(
    sock: socket.socket, limits: Mapping[str, Any], layers: Collection[str] = lockdown.LAYERS
) -> NoReturn:
    """Become the worker at one end of `sock`, in a process that was forked for it; never return.

    `limits` are those of exercise.yaml: cpu_s, memory_mb, output_kb, reply_mb, and `scratch`: the
    path of a folder that the answer may write to, or true to have one made. `layers` is for tests.
    """
    try:
        if "descriptors" in layers:
            _leave_the_parent(sock)
        _serve(sock, limits, layers)
    except BaseException:  # nothing may climb back into the process that was forked
        os._exit(70)
    os._exit(0)


def _serve(sock: socket.socket, limits: Mapping[str, Any], layers: Collection[str]) -> None:
    channel = Channel(sock, sends=min(int(limits.get("reply_mb", 32)) << 20, LARGEST_FRAME))
    printed = output.Output(int(limits.get("output_kb", output.KEPT_KB)))
    scratch = _scratch(limits)
    _no_other_folder(scratch)
    achieved = lockdown.lock(limits, layers)
    hello = [achieved.tier, scratch, list(achieved.missing)]
    channel.send(Frame(pack(["hello", hello, []]), ()))
    notices = Notices(printed)
    host = Host(channel, notices)
    printed.flooded = lambda: host.stop("output", output.FLOOD_MB)
    notices.install()
    host.serve()


def _leave_the_parent(sock: socket.socket) -> None:
    """Close what was inherited, forget signal handlers and the folder that we were started in."""
    for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD):
        signal.signal(sign, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(null, number)
    kept = sock.fileno()
    os.closerange(3, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX") if sys.platform != "linux" else 1 << 20)
    here = os.getcwd()
    sys.path[:] = [entry for entry in sys.path if entry not in ("", ".", here)]
    os.chdir("/")


def _scratch(limits: Mapping[str, Any]) -> str:
    wanted = limits.get("scratch")
    if not wanted:
        return ""
    folder = wanted if isinstance(wanted, str) else tempfile.mkdtemp(prefix="llmex-")
    os.chdir(folder)
    return folder


def _no_other_folder(scratch: str) -> None:
    """What asks for a place to write, when it is imported late, gets one and makes none."""
    tempfile.tempdir = scratch or "/"
    os.environ["TORCHINDUCTOR_CACHE_DIR"] = tempfile.tempdir


def remove_scratch(folder: str) -> None:
    """Delete a scratch folder that a worker had made, once the worker is gone."""
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)
