"""From a save to the verdict on the screen of a `llmex watch` in a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

from measuring import LLMEX, ONE_THREAD, solution

PATIENCE = 60.0
VERDICT = re.compile(rb"\d+ of \d+ checks pass")


class Watched:
    """A watch that runs on one exercise of a workspace."""

    def __init__(self, folder: str, exercise: str) -> None:
        self._source = (solution(exercise) / "solution.py").read_text("utf-8")
        module = solution(exercise).parent.name
        self._file = Path(folder) / module / f"{exercise.replace('-', '_')}.py"
        self._file.write_text(self._source, encoding="utf-8")
        self._folder, self._exercise, self._count = folder, exercise, 0

    def __enter__(self) -> Watched:
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [LLMEX, "watch", self._exercise],
            cwd=self._folder,
            env=os.environ | ONE_THREAD | {"TERM": "xterm", "COLUMNS": "100"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        self._read()
        time.sleep(3)  # so that the engine has taken in what it leaves for a quiet moment
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        os.close(self._ours)

    def save(self) -> float:
        """Save another text and wait for its verdict; the seconds from one to the other."""
        self._count += 1
        time.sleep(0.1)
        self._file.write_text(f"{self._source}\n# {self._count}\n", encoding="utf-8")
        started = time.perf_counter()
        self._read()
        return time.perf_counter() - started

    def _read(self) -> None:
        came, until = b"", time.monotonic() + PATIENCE
        while not VERDICT.search(came) and time.monotonic() < until:
            if select.select([self._ours], [], [], 1.0)[0]:
                came += os.read(self._ours, 65536)
        while select.select([self._ours], [], [], 0.05)[0]:
            os.read(self._ours, 65536)
