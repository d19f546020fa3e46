"""An engine that lives for one command: started as a child, reached by inherited sockets."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from typing import IO

from llmex.grader.engine.lines import Engine

_MOMENT = 1.0  # seconds that an engine has to leave by itself
_KEPT = ("LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT", "LLMEX_DEBUG", "LLMEX_FORK")
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "TORCHINDUCTOR_CACHE_DIR": "/",  # else torch makes a folder below /tmp when it is imported
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "LC_ALL": "C.UTF-8",
}


def spawn(arguments: list[str], descriptors: list[int], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start an engine process: nothing of the caller's environment, folder or terminal."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "llmex.grader.engine.server", *arguments],
        pass_fds=descriptors,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=_ENVIRONMENT | {name: os.environ[name] for name in _KEPT if name in os.environ},
        cwd="/",
        start_new_session=True,
    )


class PrivateEngine(Engine):
    """An engine of this command's own; `lines` jobs can run at once."""

    def __init__(self, lines: int = 1) -> None:
        self._lines = lines
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the engine
        self._start()

    def _start(self) -> None:
        pairs = [socket.socketpair() for _ in range(self._lines)]
        numbers = [theirs.fileno() for _, theirs in pairs]
        self._process = spawn([f"--connection={n}" for n in numbers], numbers, self._log)
        for _, theirs in pairs:
            theirs.close()
        self._free = [ours for ours, _ in pairs]

    def take(self) -> socket.socket:
        """One of the inherited connections; of a new process where the last one has ended."""
        if not self._free:
            self._end()
            self._start()
        return self._free.pop()

    def give_back(self, line: socket.socket) -> None:
        """Keep the connection for the next job."""
        self._free.append(line)

    def last_words(self) -> str:
        """The last line that the process wrote, or its exit code."""
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            self._process.wait(timeout=2)
            self._log.seek(0)
            lines = self._log.read(200_000).decode(errors="replace").strip().splitlines()
            if lines:
                return lines[-1][:300]
        return f"exit code {self._process.poll()}"

    def close(self) -> None:
        """End the engine and all that it started."""
        self._end()
        self._log.close()

    def _end(self) -> None:
        for line in self._free:
            line.close()
        try:
            self._process.wait(timeout=_MOMENT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
