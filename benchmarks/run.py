"""How fast llmex is, as ratios measured side by side in one run: `python benchmarks/run.py`.

Each row runs two commands in turn, A B A B ..., and prints the median of the ratios pair by pair,
so that a machine whose speed drifts changes little. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
LLMEX = str(Path(PYTHON).with_name("llmex"))
SHOWS = [PYTHON, "-c", "import typer, rich.console"]
TORCH = [PYTHON, "-c", "import torch, pytest"]
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

Row = tuple[str, float, float, float, float]


def seconds(command: list[str], folder: str, **environment: str) -> float:
    """How long a whole process takes, output thrown away."""
    started = time.perf_counter()
    subprocess.run(
        command,
        cwd=folder,
        env=os.environ | ONE_THREAD | environment,
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
    return what, ratio, most, firsts, statistics.median(y for _, y in pairs)


def solution(exercise: str) -> Path:
    """The folder of an exercise's hidden half."""
    return next((ROOT / "solutions").glob(f"*/{exercise}"))


def plain_pytest(exercise: str) -> list[str]:
    """The same suite under plain pytest, in one process."""
    options = ["-q", "-p", "no:cacheprovider", "--import-mode=importlib", "-p", "in_process"]
    return [PYTHON, "-m", "pytest", *options, str(solution(exercise) / "suite.py")]


def check_rows(folder: str, exercise: str, cold: float | None, warm: float, runs: int) -> list[Row]:
    """`llmex check`, cold and warm, against cold pytest."""
    answer = str(solution(exercise) / "solution.py")
    path = {"PYTHONPATH": str(ROOT / "benchmarks"), "LLMEX_ANSWER": answer}
    check = [LLMEX, "check", exercise, "--file", answer]

    def with_pytest() -> float:
        return seconds(plain_pytest(exercise), folder, **path)

    rows = []
    if cold is not None:
        rows.append(
            compare(
                f"check {exercise}, no engine / cold pytest",
                cold,
                lambda: seconds(check, folder, LLMEX_ENGINE="off"),
                with_pytest,
                runs,
            )
        )
    second = compare(
        f"second check {exercise} / cold pytest",
        warm,
        lambda: seconds(check, folder),
        with_pytest,
        runs,
    )
    return [*rows, second]


def first_check(folder: str, runs: int) -> Row:
    """The first check of a torch exercise, which starts the engine."""
    answer = str(solution("stable-softmax") / "solution.py")
    check = [LLMEX, "check", "stable-softmax", "--file", answer]

    def first() -> float:
        seconds([LLMEX, "engine", "stop"], folder)
        time.sleep(0.2)
        return seconds(check, folder)

    what = 'first check stable-softmax / python -c "import torch, pytest"'
    return compare(what, 1.25, first, lambda: seconds(TORCH, folder), runs)


def main() -> None:
    """Measure everything and print the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=7)
    runs = words.parse_args().runs
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as runtime:
        os.environ["XDG_RUNTIME_DIR"] = runtime
        os.environ.pop("LLMEX_ENGINE", None)
        seconds([LLMEX, "next"], folder)
        for name in (["--help"], ["list"], ["next"], ["hint"]):
            command = [LLMEX, *name]
            rows.append(
                compare(
                    f"llmex {name[0]} / import typer, rich.console",
                    2.5,
                    lambda command=command: seconds(command, folder),  # type: ignore[misc]
                    lambda: seconds(SHOWS, folder),
                    runs,
                )
            )
        rows += check_rows(folder, "bleu", 2.5, 0.75, runs)
        rows += check_rows(folder, "stable-softmax", None, 0.20, runs)
        rows.append(first_check(folder, runs))
        seconds([LLMEX, "engine", "stop"], folder)
    show(rows)


def show(rows: list[Row]) -> None:
    """Print the table."""
    print(f"{'what':62} {'ratio':>6} {'at most':>7} {'A':>8} {'B':>8}")
    for what, ratio, most, a, b in rows:
        mark = "" if ratio <= most else "  <- above"
        print(f"{what:62} {ratio:6.2f} {most:7.2f} {a:7.3f}s {b:7.3f}s{mark}")


if __name__ == "__main__":
    main()
