"""How fast llmex is, as ratios measured side by side in one run: `python benchmarks/run.py`.

Each row runs two commands in turn, A B A B ..., and prints the median of the ratios pair by pair,
so that a machine whose speed drifts changes little. Rows of seconds or milliseconds stand below.
Nothing here is a test.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from measuring import LLMEX, PYTHON, Row, compare, plain_pytest, seconds, show, solution
from warm_engine import cpu_row, resting_rows, round_trip_row
from watching import Watched

from llmex.grader.catalog import load_course
from llmex.grader.mistakes import mistakes

SHOWS = [PYTHON, "-c", "import typer, rich.console"]
TORCH = [PYTHON, "-c", "import torch, pytest"]
NUMPY_EXERCISE, TORCH_EXERCISE = "bleu", "stable-softmax"


class Place(NamedTuple):
    """Where the commands run, and how often."""

    folder: str
    runs: int


def fast_rows(place: Place) -> list[Row]:
    """The commands that only show."""
    rows = []
    for name in ("--help", "list", "next", "hint"):
        command = [LLMEX, name]
        what = f"llmex {name} / import typer, rich.console"
        rows.append(
            compare(
                what,
                2.5,
                lambda command=command: seconds(command, place.folder),  # type: ignore[misc]
                lambda: seconds(SHOWS, place.folder),
                place.runs,
            )
        )
    return rows


def check_of(exercise: str) -> list[str]:
    """The command that checks our own solution of an exercise."""
    return [LLMEX, "check", exercise, "--file", str(solution(exercise) / "solution.py")]


def pytest_of(exercise: str, place: Place) -> Callable[[], float]:
    """The same suite and file under cold pytest, in one process."""
    command, environment = plain_pytest(exercise)
    return lambda: seconds(command, place.folder, **environment)


def check_rows(place: Place) -> list[Row]:
    """The second check, and one without an engine, against cold pytest of the same suite."""
    rows = [
        second_row(place, NUMPY_EXERCISE, 0.75),
        second_row(place, TORCH_EXERCISE, 0.20),
        failed_row(place, NUMPY_EXERCISE),
        failed_row(place, TORCH_EXERCISE),
    ]
    check, cold = check_of(NUMPY_EXERCISE), pytest_of(NUMPY_EXERCISE, place)
    what = f"check {NUMPY_EXERCISE} without engine / cold pytest"
    off = {"LLMEX_ENGINE": "off"}
    rows.append(compare(what, 2.5, lambda: seconds(check, place.folder, **off), cold, place.runs))
    return rows


def second_row(place: Place, exercise: str, most: float) -> Row:
    """A check that finds the engine running, as a whole process."""
    check, cold = check_of(exercise), pytest_of(exercise, place)
    what = f"second check {exercise} / cold pytest"
    return compare(what, most, lambda: seconds(check, place.folder), cold, place.runs)


def failed_row(place: Place, exercise: str) -> Row:
    """A failed check with its diagnosis, what mistakes do remembered, against one that passes."""
    with tempfile.TemporaryDirectory() as folder:
        wrong = Path(folder) / "wrong.py"
        wrong.write_text(mistakes(load_course(None).exercise(exercise))[0].source(), "utf-8")
        failed = [LLMEX, "check", exercise, "--file", str(wrong)]
        passed = check_of(exercise)
        seconds(failed, place.folder)
        seconds(passed, place.folder)
        what = f"failed check {exercise}, diagnosed / passed"
        return compare(
            what,
            1.5,
            lambda: seconds(failed, place.folder),
            lambda: seconds(passed, place.folder),
            place.runs,
        )


def first_row(place: Place) -> Row:
    """The first check of a torch exercise, which starts the engine."""

    def first() -> float:
        seconds([LLMEX, "engine", "stop"], place.folder)
        return seconds(check_of(TORCH_EXERCISE), place.folder)

    what = f"first check {TORCH_EXERCISE} / import torch, pytest"
    return compare(what, 1.25, first, lambda: seconds(TORCH, place.folder), place.runs)


def watch_rows(place: Place) -> list[Row]:
    """From the save to the verdict on the screen."""
    with Watched(place.folder, TORCH_EXERCISE) as watched:
        cold = pytest_of(TORCH_EXERCISE, place)
        what = f"save to verdict {TORCH_EXERCISE} / cold pytest"
        row = compare(what, 0.25, watched.save, cold, place.runs)
    what = f"save to verdict {TORCH_EXERCISE}, seconds"
    return [row, Row(what, row.a, 0.5, row.a, 1.0)]


def main() -> None:
    """Measure everything and print the table."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--runs", type=int, default=7)
    runs = words.parse_args().runs
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as runtime:
        os.environ["XDG_RUNTIME_DIR"] = runtime
        for name in ("LLMEX_ENGINE", "PYTHONDONTWRITEBYTECODE"):
            os.environ.pop(name, None)
        place = Place(folder, runs)
        seconds([LLMEX, "next", TORCH_EXERCISE], folder)
        try:
            rows += [*fast_rows(place), *check_rows(place), first_row(place), *watch_rows(place)]
            rows += [round_trip_row(NUMPY_EXERCISE, runs), cpu_row(runs)]
            rows += resting_rows(TORCH_EXERCISE)
        finally:
            seconds([LLMEX, "engine", "stop"], folder)
    show(rows)


if __name__ == "__main__":
    main()
