"""Runs the jobs of an author check, a few at once, and counts what is done."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any

from llmex.grader.engine import Engine, Event, judge
from llmex.grader.job import Job

Result = dict[str, Any]
Step = Callable[[str, int, int], None]  # an exercise's id, checks done, checks in all


class Bench:
    """Jobs in the order in which they come. Its threads die with the process: Ctrl-C is at once."""

    def __init__(self, engine: Engine, lines: int, on_step: Step) -> None:
        self._engine, self._on_step = engine, on_step
        self._lock = threading.Lock()
        self._done: dict[str, int] = {}
        self._all: dict[str, int] = {}
        self.seconds: dict[str, float] = {}  # of judging, by exercise; jobs side by side add up
        self._jobs: SimpleQueue[tuple[Job, Future[Result]] | None] = SimpleQueue()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(lines)]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Job) -> Future[Result]:
        """Let a job be judged; LlmexError where that cannot be done."""
        future: Future[Result] = Future()
        with self._lock:
            checks = sum(len(job.checks_of(subject)) for subject in job.subjects)
            self._all[job.exercise] = self._all.get(job.exercise, 0) + checks
        self._jobs.put((job, future))
        return future

    def close(self) -> None:
        """Let the threads end after what they are at."""
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while True:
            given = self._jobs.get()
            if given is None:
                return
            job, future = given
            started = time.monotonic()
            try:
                future.set_result(judge(job.plain(), self._engine, self._hear(job.exercise)))
            except BaseException as error:
                future.set_exception(error)
            with self._lock:
                took = self.seconds.get(job.exercise, 0.0) + time.monotonic() - started
                self.seconds[job.exercise] = round(took, 2)

    def _hear(self, exercise: str) -> Callable[[Event], None]:
        def hear(event: Event) -> None:
            if event.get("event") == "check":
                with self._lock:
                    self._done[exercise] = self._done.get(exercise, 0) + 1
                    self._on_step(exercise, self._done[exercise], self._all[exercise])

        return hear
