"""A real answer in a real forked worker, for every test of the wall."""

from __future__ import annotations

import gc
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from llmex.grader.engine import children
from llmex.grader.learner import Learner
from llmex.grader.sandbox import Worker
from llmex.grader.worker.main import run_worker

MAIN = "module.answer"
Seat = Callable[..., Learner]


def hatch(limits: dict[str, Any]) -> Worker:
    """Fork a worker as the engine does; its judge's end."""
    pid, ours = children.fork(lambda sock: run_worker(sock, limits))
    return Worker(ours, lambda: children.end(pid), limits)


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
