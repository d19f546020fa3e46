"""What the tests of the engine start, watch and say."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llmex.grader.engine import judge, open_engine
from llmex.grader.engine.lines import Engine
from llmex.grader.engine.warm import ask
from llmex.grader.grade import grade, job_of
from tests.judging import answer, course, world_answer

PASSED = world_answer("double/passed")


SLOW = "def double(x):\n    while True:\n        pass\n\n\ndef double_all(xs):\n    return xs\n"


def verdict(engine: Engine | None = None, text: str = PASSED) -> str:
    """The outcome of an answer to `double`."""
    exercise = course().exercise("double")
    return grade(exercise, answer(exercise, text), engine=engine).verdict.outcome


def job(text: str) -> dict[str, Any]:
    """The job of judging an answer to `double`."""
    exercise = course().exercise("double")
    return job_of(exercise, answer(exercise, text), diagnose=False, seed=0).plain()


def running() -> list[int]:
    """The engines of this test."""
    return [status["pid"] for status in ask("status")]


def waits_for(true: Callable[[], object]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + 20
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    """Whether no such process runs."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def children(pid: int) -> list[int]:
    """The processes that one has started."""
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(line) for line in found.stdout.split()]


def in_the_background(text: str) -> tuple[threading.Thread, list[Any], Engine]:
    """A check that runs, and the list into which its result or its error will come."""
    engine, found = open_engine(), list[Any]()

    def run() -> None:
        try:
            found.append(judge(job(text), engine))
        except BaseException as error:
            found.append(error)

    hand = threading.Thread(target=run)
    hand.start()
    waits_for(lambda: [status for status in ask("status") if status["judging"]])
    (pid,) = running()
    waits_for(lambda: len(children(pid)) == 2)
    time.sleep(0.1)
    return hand, found, engine
