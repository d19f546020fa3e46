"""Whatever a worker replies, the judge's own code raises nothing but what a seat knows."""

from __future__ import annotations

import random
import socket
from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.learner import Learner
from llmex.grader.sandbox import SubjectStopped, Worker
from llmex.grader.trace import LearnerFault
from llmex.grader.worker import wire
from llmex.grader.worker.wire import Frame

ENDINGS = "value method raised missing signature unreadable callback stopped nonsense".split()
NODES = [
    None, 1, "a", b"b", 2.5, [], [0, 0], [0, 1], [0, 99], [3, []], [4, [1, [0, 0]]], [7, ["k", 1]],
    [13, "<f8", [2], b"\0" * 16, None], [13, "<f8", [2], 0, None],
    [13, "<i8", [3], b"\0" * 24, None],
    [15, "float32", [1], b"\0" * 4, None, 1, [0]], [15, "float32", [1], b"\0" * 4, None, 0, [7]],
    [15, "float32", [2], b"\0" * 8, None, 0, None], [15, "int64", [1], b"\0" * 8, None, 0, [0]],
    [19, "h", 1, "Thing", False], [19, "h", "x", "Thing", False], [19, "p", 4], [19, "c", 1, "f"],
    [19, "c", 9, "f"], [19, "q", 1], [19], [17, "int"], [16, "torch", "", b"123"], [99, 1],
]  # fmt: skip
EXTRAS = [
    ["changed", [[0, [3, [5]]]]], ["changed", [[1, 3]]], ["changed", 5], ["changed", [[99, 1]]],
    ["of", 0, "x"], ["of"], ["graph", 1, [1]], ["graph", 1, [77]], ["graph"], ["dead", [1]],
    ["dead", 3], ["dead", [[]]], ["seen", ["torch.x"]], ["seen", 3], ["out", "text", 0], ["out", 5],
    ["warned", [["W", "m"]]], ["warned", [3]], ["warned"], [], [1], "text",
]  # fmt: skip


def reply(rng: random.Random) -> bytes:
    """A reply that is nearly right."""
    what: Any = rng.choice(NODES)
    ending = rng.choice(ENDINGS + ["value"] * 6)
    if ending in ("raised", "signature", "missing") and rng.random() < 0.7:
        what = [rng.choice(["E", 1, None, ["x"]]) for _ in range(rng.randrange(6))]
    if ending == "callback":
        what = [rng.choice([1, 2, "x"]), [rng.choice(NODES)], rng.choice([[], ["k"], ["k", 1]])]
    extras: Any = [rng.choice(EXTRAS) for _ in range(rng.choice([0, 1, 1, 2]))]
    if rng.random() < 0.05:
        extras = rng.choice([None, 5, "x", [[]]])
    message: Any = [ending, what, extras]
    if rng.random() < 0.05:
        message = rng.choice([None, [], [1, 2, 3], ["value"], "value", [ending, what, extras, 1]])
    buffers = [np.zeros(16, np.uint8)] if rng.random() < 0.3 else []
    return wire.chunks_of(Frame(wire.pack(message), buffers), step=3)


@pytest.mark.parametrize("seed", range(10))
def test_replies_that_are_nearly_right(seed: int) -> None:
    """Endings, values, changes, graphs and extras that do not fit end the subject or the check."""
    rng = random.Random(seed)
    for _ in range(150):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            worker = Worker(ours, lambda: ("killed", 9), {"wall_s": 0.2})
            learner = Learner(worker)
            theirs.sendall(
                wire.chunks_of(Frame(wire.pack(["hello", ["T1", "", []], []]), ()), step=1)
            )
            worker._greet()
            theirs.sendall(reply(rng))
            theirs.shutdown(socket.SHUT_WR)
            x = torch.ones(2, requires_grad=True)
            try:
                learner.inplace.f([1], np.ones(2), x, lambda *_, **__: 1)
                learner.trace[-1].result  # noqa: B018
            except (LearnerFault, SubjectStopped):
                pass
