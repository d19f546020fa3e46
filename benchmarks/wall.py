"""What a call over the wall costs: `python benchmarks/wall.py` (microseconds, medians)."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from llmex.grader.engine import children
from llmex.grader.learner import Learner
from llmex.grader.sandbox import Worker
from llmex.grader.worker.main import run_worker

SOURCE = "def echo(x, *rest):\n    return x\n\n\ndef count(x):\n    return len(x)\n"
LIMITS = {"memory_mb": 1024, "cpu_s": 60, "wall_s": 60}


def open_learner() -> tuple[Learner, Worker]:
    """A worker that holds two tiny functions."""
    pid, sock = children.fork(lambda theirs: run_worker(theirs, LIMITS))
    worker = Worker(sock, lambda: children.end(pid), LIMITS)
    learner = Learner(worker)
    learner.open({"answer": SOURCE}, "answer")
    learner.begin(0)
    return learner, worker


def median(call: Callable[[], Any], runs: int) -> float:
    """The median time of a call, in microseconds."""
    for _ in range(50):
        call()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1e6


def main() -> None:
    """Measure and print."""
    learner, worker = open_learner()
    small, large = np.arange(6.0).reshape(2, 3), np.zeros(1 << 20, np.float32)
    rows = [
        ("an integer there and back", 50.0, median(lambda: learner.echo(3), 2000)),
        ("three arguments, one a list", 50.0, median(lambda: learner.echo(3, [1, 2], "x"), 2000)),
        ("a (2, 3) array there and back", 50.0, median(lambda: learner.echo(small), 2000)),
        ("4 MB of array there", 2000.0, median(lambda: learner.count(large), 200)),
        ("4 MB of array there and back", 4000.0, median(lambda: learner.echo(large), 200)),
    ]
    print(f"{'what':36} {'microseconds':>12} {'at most':>8}")
    for what, most, found in rows:
        print(f"{what:36} {found:12.1f} {most:8.0f}{'' if found <= most else '  <- above'}")
    worker.close()
    os._exit(0)


if __name__ == "__main__":
    main()
