"""A real answer in a real forked worker, for every test of the wall."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import socket
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from llmex.grader.learner import Learner
from llmex.grader.sandbox import Worker
from llmex.grader.worker.main import run_worker

MAIN = "module.answer"
Seat = Callable[..., Learner]


def hatch(limits: dict[str, Any]) -> Worker:
    """Fork a worker; its judge's end."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        with contextlib.suppress(BaseException):
            run_worker(theirs, limits)
        os._exit(71)
    theirs.close()

    def end() -> tuple[str, int]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        status = os.waitpid(pid, 0)[1]
        if os.WIFSIGNALED(status):
            return "signal", os.WTERMSIG(status)
        return "exit", os.WEXITSTATUS(status)

    return Worker(ours, end, limits)


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """With more threads than one, forked children hang."""
    torch.set_num_threads(1)
    gc.collect()
    gc.freeze()


@pytest.fixture
def seat() -> Iterator[Seat]:
    """`seat(source, stage=..., forbids=..., more={name: text}, **limits)` gives a Learner."""
    workers = []

    def make(
        source: str = "",
        stage: str | None = None,
        forbids: tuple[Any, ...] = (),
        more: dict[str, str] | None = None,
        **limits: Any,
    ) -> Learner:
        worker = hatch({"wall_s": 10, **limits})
        workers.append(worker)
        learner = Learner(worker)
        sources = {MAIN: textwrap.dedent(source), **(more or {})}
        learner.open(sources, MAIN, textwrap.dedent(stage) if stage else None, forbids)
        learner.begin(0)
        return learner

    yield make
    for worker in workers:
        worker.close()
