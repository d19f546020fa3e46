"""What is hostile or malformed is refused before it costs anything."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.worker import wire
from llmex.grader.worker.decode import loads
from llmex.grader.worker.encode import dumps
from llmex.grader.worker.wire import Channel, Frame, WireError, chunks_of, unpack
from tests.wall.wire.ground import there_and_back


class HostileList(list):  # type: ignore[type-arg]
    """A list whose every method is a trap."""

    def __iter__(self) -> Any:
        raise AssertionError("ran")

    __len__ = __getitem__ = __eq__ = __iter__  # type: ignore[assignment]


class HostileArray(np.ndarray):
    """An array whose every protocol is a trap."""

    def __array_function__(self, *_: Any) -> Any:
        raise AssertionError("ran")

    def __array_finalize__(self, _: Any) -> None:
        if getattr(self, "armed", False):
            raise AssertionError("ran")

    __array_ufunc__ = tobytes = __array_function__  # type: ignore[assignment]


class HostileTensor(torch.Tensor):
    """A tensor whose dispatch is a trap."""

    @classmethod
    def __torch_function__(cls, *_: Any, **__: Any) -> Any:
        raise AssertionError("ran")


class HostileStr(str):
    """A text that lies about itself."""

    def __str__(self) -> str:
        raise AssertionError("ran")

    def encode(self, *_: Any) -> bytes:
        raise AssertionError("ran")


def test_subclasses_cross_as_their_base_by_its_own_methods() -> None:
    """Nothing that a subclass overrides is asked when it is written."""
    found = there_and_back([HostileList([1, 2]), HostileStr("ab")])
    assert found == [[1, 2], "ab"]
    assert list(map(type, found)) == [list, str]
    array = there_and_back(np.arange(3).view(HostileArray))
    assert type(array) is np.ndarray
    tensor = there_and_back(torch.Tensor._make_subclass(HostileTensor, torch.ones(2)))
    assert type(tensor) is torch.Tensor
    assert tensor.tolist() == [1, 1]
    assert type(there_and_back(torch.zeros(2, 3).shape)) is tuple
    assert type(there_and_back(__import__("enum").IntEnum("E", "A").A)) is int


def everything() -> Any:
    """A value with something of every kind, small and out of band."""
    return {
        "plain": [None, True, 2**70, "a", b"b", 1j, ...],
        "more": (slice(1), range(3), {1}, np.dtype("f4"), torch.float16, np.float32(1), int),
        "arrays": [np.arange(6.0).reshape(2, 3), torch.ones(3), np.zeros(5000), torch.zeros(5000)],
        "rng": [np.random.default_rng(1), random.Random(1), torch.Generator()],
    }


@pytest.mark.parametrize("seed", range(8))
def test_mutated_frames_raise_only_wire_errors(seed: int) -> None:
    """Bytes that were changed, cut or repeated give a value or a WireError, never anything else."""
    rng = random.Random(seed)
    whole = chunks_of(dumps(everything()))
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(rng.choice([1, 1, 2, 5])):
            place = rng.randrange(min(len(data), 1600) if rng.random() < 0.9 else len(data))
            kind = rng.randrange(4)
            if kind == 0:
                data[place] ^= 1 << rng.randrange(8)
            elif kind == 1:
                data[place] = rng.choice([0, 0x7F, 0x80, 0x90, 0xC1, 0xDD, 0xDF, 0xFF])
            elif kind == 2:
                del data[place : place + rng.randrange(1, 9)]
            else:
                data[place:place] = data[place : place + rng.randrange(1, 9)]
        try_frame(bytes(data))


def try_frame(data: bytes) -> None:
    """Read bytes as a frame from a socket, as a judge would."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        theirs.sendall(data)
        theirs.shutdown(socket.SHUT_WR)
        with contextlib.suppress(WireError, wire.PeerGone):
            loads(Channel(ours).receive())


@pytest.mark.parametrize(
    "body",
    [
        b"\xdd\xff\xff\xff\xff",  # a list of four thousand million
        b"\xdf\xff\xff\xff\xff",  # a map
        b"\xc7\x04\x01abcd",  # an extension
        b"\xd6\xff\x00\x00\x00\x00",  # a timestamp
        b"\x91" * 2000,  # deeper than msgpack goes
        b"",
        b"\xc1",
    ],
)
def test_bodies_that_are_no_messages(body: bytes) -> None:
    """What msgpack cannot read, or may read but we never send, is refused."""
    with pytest.raises(WireError):
        unpack(body)


@pytest.mark.parametrize(
    "node",
    [
        [13, "<f8", [1 << 62], b"", None],
        [13, "<f8", [0, 1 << 62], b"", None],
        [13, "<f8", [-1], b"12345678", None],
        [13, "<f8", [True], b"12345678", None],
        [13, "|O", [1], b"12345678", None],
        [13, "<f8", [1] * 40, b"12345678", None],
        [13, "<f8", [2], b"1234567812345678", [1 << 40]],
        [13, "<f8", [2], 0, None],
        [13, "<f8", [2], -1, None],
        [15, "float32", [1], b"1234", None, 9, [3]],
        [15, "Tensor", [1], b"1234", None, 0, None],
        [12, "nn"],
        [0, 0],
        [0, -1],
        [99],
        [],
        [[1]],
        [3, 5],
        [5, [[3, []]]],
        [7, [1]],
        [14, "<f8", b"123"],
        [16, "numpy", "PCG64", 3],
        [16, "numpy", "os", 3],
        [17, "exec"],
        [10, 1, 2, 0],
        [1, b"\xff" * 70000],
    ],
    ids=lambda node: str(node)[:40],
)
def test_nodes_that_lie_are_refused(node: Any) -> None:
    """Shapes, types, numbers and names are checked against what is really there."""
    with pytest.raises(WireError):
        loads(Frame(wire.pack(node), ()))


def test_a_buffer_is_used_once_and_in_order() -> None:
    """One buffer cannot become many arrays."""
    buffer = np.zeros(1 << 15, np.uint8)
    array = [13, "|u1", [1 << 15], 0, None]
    with pytest.raises(WireError):
        loads(Frame(wire.pack([3, [array, array]]), [buffer]))


@pytest.mark.parametrize(
    "header",
    [
        struct.pack("<4sIII", b"lmx0", 1, 1, 0),
        struct.pack("<4sIII", b"lmx1", 2, 1, 0),
        struct.pack("<4sIII", b"lmx1", 1, (32 << 20) + 1, 0),
        struct.pack("<4sIII", b"lmx1", 1, 1, 5000),
        struct.pack("<4sIIIQ", b"lmx1", 1, 1, 1, 1 << 60),
        struct.pack("<4sIIIQQ", b"lmx1", 1, 1, 2, (1 << 64) - 1, 2),
    ],
)
def test_large_claims_take_no_memory(header: bytes) -> None:
    """A header that announces too much is refused before anything is allocated."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(header + b"\xc0")
        with pytest.raises(WireError):
            Channel(ours).receive()


def test_two_frames_at_a_time_are_refused() -> None:
    """A peer that answers twice is out of step."""
    data = chunks_of(dumps(1)) * 2
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(data)
        with pytest.raises(WireError):
            Channel(ours).receive()


def test_frames_too_large_to_send_are_refused() -> None:
    """What the other end would refuse is not even sent."""
    ours, theirs = socket.socketpair()
    with ours, theirs, pytest.raises(WireError):
        Channel(ours).send(dumps(np.zeros(5 << 20)))


def test_waiting_ends_at_the_deadline() -> None:
    """A peer that sends byte by byte gains no time."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        channel = Channel(ours)
        channel.deadline = __import__("time").monotonic() + 0.05
        theirs.sendall(b"lmx1")
        with pytest.raises(TimeoutError):
            channel.receive()
