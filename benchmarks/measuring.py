"""Two commands in turn, and the table of what came of it."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
LLMEX = str(Path(PYTHON).with_name("llmex"))
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Row(NamedTuple):
    """What was measured, what it may be at most, and the two medians behind a ratio."""

    what: str
    found: float
    most: float
    a: float
    b: float


def seconds(command: list[str], folder: str, **environment: str) -> float:
    """How long a whole process takes, output thrown away."""
    started = time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        env=os.environ | ONE_THREAD | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return time.perf_counter() - started


def compare(
    what: str, most: float, a: Callable[[], float], b: Callable[[], float], runs: int
) -> Row:
    """Run `a` and `b` in turn, once unmeasured; the row of their medians and ratios."""
    a(), b()
    pairs = [(a(), b()) for _ in range(runs)]
    ratio = statistics.median(x / y for x, y in pairs)
    firsts = statistics.median(x for x, _ in pairs)
    return Row(what, ratio, most, firsts, statistics.median(y for _, y in pairs))


def solution(exercise: str) -> Path:
    """The folder of an exercise's hidden half."""
    return next((ROOT / "solutions").glob(f"*/{exercise}"))


def plain_pytest(exercise: str) -> tuple[list[str], dict[str, str]]:
    """The same suite and file under plain pytest, and the environment that this needs."""
    options = ["-q", "-p", "no:cacheprovider", "--import-mode=importlib", "-p", "in_process"]
    command = [PYTHON, "-m", "pytest", *options, str(solution(exercise) / "suite.py")]
    answer = str(solution(exercise) / "solution.py")
    return command, {"PYTHONPATH": str(ROOT / "benchmarks"), "LLMEX_ANSWER": answer}


def show(rows: list[Row]) -> None:
    """Print the table."""
    print(f"{'what':62} {'found':>7} {'at most':>7} {'A':>8} {'B':>8}")
    for row in rows:
        mark = "" if row.found <= row.most else "  <- above"
        print(f"{row.what:62} {row.found:7.2f} {row.most:7.2f} {row.a:8.3f} {row.b:8.3f}{mark}")
