"""Values come out of the wire as they went in."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.worker.decode import Decoder
from llmex.grader.worker.encode import Encoder, dumps
from llmex.grader.worker.wire import WireError, unpack
from tests.wall.wire.ground import there_and_back

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
