"""The engine as its users see it: start one, give it a job, read what its judge says."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any, NoReturn

from llmex.grader.engine import frames
from llmex.grader.errors import LlmexError

Event = dict[str, Any]
_KEPT = ("LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT", "LLMEX_DEBUG")
_ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "PYTHONHASHSEED": "0",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "LC_ALL": "C.UTF-8",
}


class Engine:
    """A clean process that judges for this command and ends with it.

    `lines` jobs can run at once, one on each connection. Use as a context manager, or call
    `close`.
    """

    def __init__(self, lines: int = 1) -> None:
        self._log: IO[bytes] = tempfile.TemporaryFile()
        pairs = [socket.socketpair() for _ in range(lines)]
        numbers = [theirs.fileno() for _, theirs in pairs]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "llmex.grader.engine.server", *map(str, numbers)],
            pass_fds=numbers,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=_ENVIRONMENT | {name: os.environ[name] for name in _KEPT if name in os.environ},
            cwd="/",
            start_new_session=True,
        )
        for _, theirs in pairs:
            theirs.close()
        self._free = [ours for ours, _ in pairs]

    def warm(self, uses: str) -> None:
        """Let the engine import what an exercise `uses`, while this process does other things."""
        with contextlib.suppress(frames.PeerGone):
            frames.send(self._free[-1], {"do": "warm", "uses": uses})

    def run(
        self, job: dict[str, Any], on_event: Callable[[Event], None] | None = None
    ) -> dict[str, Any]:
        """Judge one job and give its result; events on the way go to `on_event`.

        Raises LlmexError (exit code 3) if the judge ends without a result.
        """
        line = self._free.pop()
        try:
            result = self._converse(line, job, on_event or (lambda _: None))
        except BaseException:
            line.close()
            raise
        self._free.append(line)
        return result

    def _converse(
        self, line: socket.socket, job: dict[str, Any], on_event: Callable[[Event], None]
    ) -> dict[str, Any]:
        result: dict[str, Any] | None = None
        for event in self._events(line, job):
            if event["event"] == "result":
                result = event["result"]
            elif event["event"] == "end":
                if result is not None:
                    return result
                self._fail(" ".join(map(str, event["cause"])))
            else:
                on_event(event)
        raise AssertionError("a conversation ends with an end")

    def _events(self, line: socket.socket, job: dict[str, Any]) -> Iterator[Event]:
        try:
            frames.send(line, {"do": "judge", "uses": job["uses"]})
            frames.send(line, job)
            while True:
                yield frames.receive(line)
        except frames.PeerGone:
            self._fail(self._last_words())

    def _last_words(self) -> str:
        with contextlib.suppress(OSError):
            self._log.seek(0)
            lines = self._log.read(200_000).decode(errors="replace").strip().splitlines()
            if lines:
                return lines[-1][:300]
        return f"exit code {self._process.poll()}"

    def _fail(self, why: str) -> NoReturn:
        raise LlmexError(
            "llmex could not judge: its judging process ended ({why}).",
            "Nothing was recorded. Try again; if it happens again, run  llmex doctor",
            exit_code=3,
            why=why,
        )

    def close(self) -> None:
        """End the engine and all that it started."""
        for line in self._free:
            line.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
