"""Broken and hostile replies: whatever comes over the wire, no check passes and no judge breaks."""

from __future__ import annotations

import random
import socket
import time
from typing import Any

import numpy as np
import pytest

from llmex.grader.compare import assert_close
from llmex.grader.learner import Learner
from llmex.grader.sandbox import SubjectStopped, Worker
from llmex.grader.trace import LearnerFault
from llmex.grader.worker.encode import Encoder
from llmex.grader.worker.wire import Channel, Frame, chunks_of, pack, unpack
from tests.escape import LONG

ROUNDS = 60_000 if LONG else 3_000
WANT = 1.2345678901234567
PARTS: list[Any] = [
    None, True, 0, -1, 2**63, 2**64 - 1, 0.5, float("nan"), float("inf"), "", "x", "\ud800",
    b"", b"12345678", "<f8", "float32", "changed", "graph", "of", "seen", "out", "warned", "dead",
    "value", "method", "raised", "missing", "signature", "stopped", "confused", "callback", "h",
    "p", "c", "i", [], [[]], [0, 0], [0, -1], [18, "h", 1, "T", False], [18, "p", 1],
    [13, "<f8", [1], b"12345678", None],
    [13, "<f8", [2**40, 0], b"", None],
    [15, "float32", [1], b"1234", None, 1, [0]], [17, "ValueError"], [7, [1, 2]], [5, [[3, []]]],
    [20, 1 << 40], [12, "_dynamo"], [10, [1, b"\xff" * 60_000], 1, 1], [8, [18, "h", 1, "T"], 0, 0],
]  # fmt: skip


def frame_of(value: Any, extras: Any = ()) -> Frame:
    """An honest reply."""
    encoder = Encoder(lambda _: [18, "h", 1, "T", False])
    return encoder.frame(["value", encoder.node(value), list(extras)])


HONEST = [
    frame_of(value, extras)
    for value in (0.5, [1, 2], {"a": np.ones(3)}, np.zeros((2, 3)), "text", (1, {2}), 1 << 70)
    for extras in ((), [["out", "x", 0]], [["changed", [[0, 1.0]]], ["of", 0, "x"]])
]


def mutated(frame: Frame, chance: random.Random) -> bytes:
    """A reply with something wrong: in its meaning, or in its bytes."""
    message = unpack(frame.body)
    if chance.random() < 0.75:
        for _ in range(chance.randint(1, 3)):
            message = _replace(message, chance)
        return chunks_of(Frame(pack(message), frame.buffers), 2)
    raw = bytearray(chunks_of(frame, 2))
    for _ in range(chance.randint(1, 4)):
        kind, at = chance.randrange(4), chance.randrange(len(raw) or 1)
        if kind == 0 and raw:
            raw[at % len(raw)] = chance.randrange(256)
        elif kind == 1:
            del raw[at : at + chance.randint(1, 8)]
        elif kind == 2:
            raw[at:at] = chance.randbytes(chance.randint(1, 8))
        else:
            raw[at:at] = raw[: chance.randint(1, 40)]
    return bytes(raw)


def _replace(node: Any, chance: random.Random) -> Any:
    if type(node) is not list or not node or chance.random() < 0.3:
        return chance.choice(PARTS)
    at = chance.randrange(len(node))
    if chance.random() < 0.15:
        return [*node, chance.choice(PARTS)] if chance.random() < 0.5 else node[:at]
    return [*node[:at], _replace(node[at], chance), *node[at + 1 :]]


class Liar:
    """A worker that greets, and then says what it is given."""

    def __init__(self) -> None:
        self.ours, self.theirs = socket.socketpair()
        self.worker = Worker(self.ours, lambda: ("exit", 0), {"wall_s": 1})
        self.theirs.sendall(chunks_of(Frame(pack(["hello", ["T2", "", []], []]), ()), 1))

    def says(self, raw: bytes) -> None:
        """What comes next, and then the end."""
        self.theirs.sendall(raw)
        self.theirs.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Leave nothing open."""
        self.worker.close()
        self.ours.close()
        self.theirs.close()


@pytest.fixture
def chance() -> random.Random:
    """The same mutations every time."""
    return random.Random(20240811)


def outcome(raw: bytes) -> str:
    """What becomes of a check whose first call is answered with these bytes."""
    liar = Liar()
    learner = Learner(liar.worker)
    liar.worker._greet()
    liar.worker._channel._step = 0
    liar.worker.start_clock()
    try:
        liar.says(raw)
        assert_close(learner.answer(np.arange(3.0), [1, 2]), WANT)
    except (LearnerFault, SubjectStopped) as error:
        return type(error).__name__
    except RuntimeError as error:
        if "did not understand" not in str(error):
            raise
        return "confused"
    finally:
        liar.close()
    return "passed"


def test_an_honest_reply_gets_through() -> None:
    """The same road lets a right value pass: what follows is no accident."""
    assert outcome(chunks_of(frame_of(WANT), 2)) == "passed"
    assert outcome(chunks_of(frame_of(2.0), 2)) == "CheckFailed"


def test_no_mutated_reply_passes_or_breaks_the_judge(chance: random.Random) -> None:
    """Each of thousands of broken replies fails or stops its sender; none raises anything else."""
    seen: dict[str, int] = {}
    for _ in range(ROUNDS):
        word = outcome(mutated(chance.choice(HONEST), chance))
        seen[word] = seen.get(word, 0) + 1
    assert "passed" not in seen
    assert len(seen) >= 4, seen


def test_a_reply_of_another_step_is_refused() -> None:
    """A right value that was sent too early, or again, is no reply."""
    for step in (0, 1, 3, 255):
        assert outcome(chunks_of(frame_of(WANT), step)) == "SubjectStopped"


def test_who_is_quick_gets_no_more_time() -> None:
    """After the deadline a frame is not read, even where it lies there already."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = Channel(ours)
        theirs.sendall(chunks_of(frame_of(0.5)))
        channel.deadline = time.monotonic() - 1
        with pytest.raises(TimeoutError):
            channel.receive()
        channel.deadline = time.monotonic() + 60
        assert channel.receive().body == frame_of(0.5).body
