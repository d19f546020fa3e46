"""Frames and values: what goes in comes out, and what is malformed is refused."""

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
from llmex.grader.worker.decode import Decoder, loads
from llmex.grader.worker.encode import Encoder, dumps
from llmex.grader.worker.wire import Channel, Frame, WireError, chunks_of, unpack


def there_and_back(value: Any) -> Any:
    """A value through real bytes on a real socket."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        frame = dumps(value)
        if frame.size > 100_000:
            return loads(Frame(bytes(frame.body), [np.array(b) for b in frame.buffers]))
        Channel(ours).send(frame)
        return loads(Channel(theirs).receive())


PLAIN = [
    None, True, 0, -1, 2**63, -(2**63), 2**64, -(2**64), 10**200, 1.5, float("inf"), 1 - 2j,
    "", "héllo", "\ud800 alone", b"\x00\xff", bytearray(b"ab"), [], [1, "a", [2.0, None]], (1,),
    ((),), {1, 2}, frozenset({"a"}), {}, {"a": {2: [3]}, (1, 2): 3}, slice(1, None, -1), ...,
    range(2, 9, 3), np.dtype("float32"), torch.bfloat16, torch.device("cpu"), int, ValueError,
    [2**70, 1], [True, 2**64],
]  # fmt: skip


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_plain_values_keep_type_and_value(value: Any) -> None:
    """Every plain value arrives equal and of exactly its type."""
    found = there_and_back(value)
    assert type(found) is type(value)
    assert found == value


def test_nan_and_negative_zero_survive() -> None:
    """A float keeps its bits where equality would not tell."""
    found = there_and_back([float("nan"), -0.0])
    assert np.isnan(found[0])
    assert str(found[1]) == "-0.0"


@pytest.mark.parametrize("name", "?bhilBHILefdgFDG")
def test_arrays_of_every_number_type(name: str) -> None:
    """An array arrives with dtype, shape and bytes; it is fresh and can be written to."""
    for shape in [(), (3,), (2, 0, 3), (2, 3, 4), (70, 100)]:
        array = np.arange(np.prod(shape), dtype=int).reshape(shape).astype(name)
        found = there_and_back(array)
        assert type(found) is np.ndarray
        assert found.dtype == array.dtype
        assert found.flags.writeable
        assert found.tobytes() == array.tobytes()
        assert found.shape == shape


DTYPES = (
    "bfloat16 float16 float32 float64 bool uint8 int16 int64 complex64 uint16 float8_e5m2".split()
)


@pytest.mark.parametrize("name", DTYPES)
def test_tensors_of_every_plain_type(name: str) -> None:
    """A tensor arrives with dtype, shape and values, exactly of type Tensor."""
    for shape in [(), (3,), (2, 0), (2, 3, 4), (90, 100)]:
        tensor = torch.arange(torch.Size(shape).numel()).reshape(shape).to(getattr(torch, name))
        found = there_and_back(tensor)
        assert type(found) is torch.Tensor
        assert found.dtype == tensor.dtype
        assert found.shape == tensor.shape
        assert torch.equal(found.to(torch.complex128), tensor.to(torch.complex128))


def test_tensors_keep_their_flags() -> None:
    """Whether a tensor requires grad and whether it is a Parameter both cross."""
    parameter = there_and_back(torch.nn.Parameter(torch.ones(2)))
    assert type(parameter) is torch.nn.Parameter
    assert parameter.requires_grad
    assert not there_and_back(torch.nn.Parameter(torch.ones(2), False)).requires_grad
    assert there_and_back(torch.ones(2, requires_grad=True)).requires_grad
    conjugate = torch.tensor([1 + 2j]).conj()
    assert there_and_back(conjugate)[0] == 1 - 2j


def test_numpy_scalars_keep_their_type() -> None:
    """A NumPy scalar arrives as a scalar of its own type, not as a Python number."""
    for value in [np.float32(0.1), np.int8(-3), np.bool_(True), np.float64(2), np.complex64(1j)]:
        found = there_and_back(value)
        assert type(found) is type(value)
        assert found == value


def test_layout_survives_where_it_is_asked_for() -> None:
    """A transposed, expanded or sliced argument arrives with its strides and its values."""

    def sent(value: Any) -> Any:
        encoder = Encoder(lambda _: [], layout=True)
        frame = encoder.frame(encoder.node(value))
        return Decoder(frame, lambda node: node).value(unpack(frame.body))

    for tensor in [torch.randn(3, 4).T, torch.randn(3, 1).expand(3, 5), torch.randn(3, 8)[:, ::2]]:
        found = sent(tensor)
        assert found.stride() == tensor.stride()
        assert torch.equal(found, tensor)
    array = np.arange(12.0).reshape(3, 4)
    assert sent(array.T).strides == array.T.strides
    assert (sent(array[::-1]) == array[::-1]).all()
    assert sent(torch.zeros(10**6)[:: 10**5]).is_contiguous()


def test_the_same_object_arrives_as_one() -> None:
    """Identity within a message survives, in containers and out of them."""
    array, inner = np.arange(3), [1]
    found = there_and_back([array, {"k": array}, (array, inner), inner])
    assert found[0] is found[1]["k"] is found[2][0]
    assert found[2][1] is found[3]


def test_cycles_and_depths_are_refused() -> None:
    """A container in itself or a very deep one is an error, not a hang."""
    cycle: list[Any] = []
    cycle.append(cycle)
    deep: list[Any] = []
    for _ in range(500):
        deep = [deep]
    for value in (cycle, {"me": [cycle]}, deep):
        with pytest.raises(WireError):
            dumps(value)


def test_generators_go_on_where_they_were() -> None:
    """A random generator arrives in the state in which it was sent."""
    for made in [np.random.default_rng(3), np.random.Generator(np.random.MT19937(1))]:
        made.random(5)
        found = there_and_back(made)
        assert found.random() == made.random()
    legacy = np.random.RandomState(4)
    assert there_and_back(legacy).rand() == legacy.rand()
    python = random.Random(5)
    python.gauss(0, 1)
    assert there_and_back(python).gauss(0, 1) == python.gauss(0, 1)
    generator = torch.Generator().manual_seed(7)
    found = there_and_back(generator)
    assert torch.equal(torch.rand(3, generator=found), torch.rand(3, generator=generator))


def test_what_has_no_form_is_refused() -> None:
    """Objects, functions, object arrays and text arrays never cross by value."""
    for value in [object(), len, np.array([object()]), np.array(["a"]), np.datetime64("2020")]:
        with pytest.raises(WireError):
            dumps(value)


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
