"""What an answer may make of a generator that is lent to it: draw from it, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.worker import randomness

KINDS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def made(kind: str) -> np.random.Generator:
    """A generator of a kind, from which something has been drawn."""
    generator = np.random.Generator(getattr(np.random, kind)(1))
    generator.integers(9, size=700, dtype=np.int64)
    return generator


def lent(generator: Any) -> Any:
    """A generator as an answer gets it."""
    state = randomness.state_of(generator)
    assert state is not None
    return randomness.of_state(list(state))


def spoilt(generator: np.random.Generator, **fields: Any) -> np.random.Generator:
    """A generator whose state says something else."""
    generator.bit_generator.state = dict(generator.bit_generator.state) | fields
    return generator


@pytest.mark.parametrize("kind", ["PCG64", "PCG64DXSM", "Philox", "SFC64"])
def test_half_a_number_cannot_be_chosen(kind: str) -> None:
    """The 32 bits that a generator keeps for its next draw are of a number that it has drawn."""
    ours, theirs = made(kind), lent(made(kind))
    theirs.random(3)
    before = lent(ours).integers(1 << 32, size=4, dtype=np.uint32).tolist()
    randomness.become(ours, spoilt(theirs, has_uint32=1, uinteger=7))
    assert ours.integers(1 << 32, size=4, dtype=np.uint32).tolist() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("count", [1, 3, 2001])
def test_half_a_number_that_was_drawn_comes_along(kind: str, count: int) -> None:
    """Who draws an odd count of small integers leaves the other half for the suite."""
    ours, theirs = made(kind), lent(made(kind))
    theirs.integers(1 << 32, size=count, dtype=np.uint32)
    theirs.random(5)
    wanted = lent(theirs).integers(1 << 32, size=4, dtype=np.uint32).tolist()
    randomness.become(ours, theirs)
    assert ours.integers(1 << 32, size=4, dtype=np.uint32).tolist() == wanted


def test_a_block_of_numbers_cannot_be_chosen() -> None:
    """Philox keeps four numbers: they are those that its counter gives."""
    ours, theirs = made("Philox"), lent(made("Philox"))
    theirs.random(8)
    before = lent(ours).random(4).tolist()
    forged = spoilt(theirs, buffer=np.zeros(4, np.uint64), buffer_pos=0)
    randomness.become(ours, forged)
    assert ours.random(4).tolist() == before


def rewound(generator: Any) -> Any:
    """A Mersenne Twister a hundred words further back."""
    if isinstance(generator, torch.Generator):
        raw = generator.get_state()
        left, at = raw[8:12].view(torch.int32), raw[16:24].view(torch.int64)
        left += 100
        at -= 100
        return generator.set_state(raw)
    if isinstance(generator, random.Random):
        version, words, gauss = generator.getstate()
        generator.setstate((version, (*words[:-1], words[-1] - 100), gauss))
        return generator
    state = generator.bit_generator.state
    state["state"]["pos"] -= 100
    generator.bit_generator.state = state
    return generator


def drawn(generator: Any, count: int) -> list[float]:
    """So many numbers."""
    if isinstance(generator, torch.Generator):
        return torch.rand(count, generator=generator).tolist()
    return [generator.random() for _ in range(count)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: made("MT19937"),
        lambda: random.Random(1),
        lambda: torch.Generator().manual_seed(1),
    ],
)
def test_what_was_drawn_does_not_come_again(make: Callable[[], Any]) -> None:
    """Within the words of one state, too, a generator only goes on."""
    ours = make()
    drawn(ours, 200)
    before = drawn(lent(ours), 3)
    randomness.become(ours, rewound(lent(ours)))
    assert drawn(ours, 3) == before


def test_a_normal_number_cannot_be_chosen() -> None:
    """What a generator keeps for its next normal draw does not come from an answer."""
    trng = torch.Generator().manual_seed(1)
    torch.rand(9, generator=trng)
    theirs = lent(trng)
    torch.randn(1, generator=theirs)
    raw = theirs.get_state()
    raw[5024:5032].view(torch.float64).fill_(30.0)
    raw[5016:5024].view(torch.float64).fill_(30.0)
    raw[5032:5040].view(torch.float64).fill_(30.0)
    raw[5040:5044].view(torch.int32).fill_(1)
    randomness.become(trng, theirs.set_state(raw))
    assert torch.randn(2, generator=trng).abs().max() < 10
    plain, forged = random.Random(1), random.Random(1)
    forged.setstate((*forged.getstate()[:2], 30.0))
    randomness.become(plain, forged)
    assert plain.gauss() < 10
    old, other = np.random.RandomState(1), np.random.RandomState(1)
    other.set_state(other.get_state(legacy=False) | {"has_gauss": 1, "gauss": 30.0})
    randomness.become(old, other)
    assert old.standard_normal() < 10


@pytest.mark.parametrize(("left", "at"), [(624, 624), (300, 600), (1, 1), (0, 625), (-5, 3)])
def test_torch_reads_within_its_state(left: int, at: int) -> None:
    """The two places in torch's state fit each other, or it would read what lies behind it."""
    raw = torch.Generator().manual_seed(1).get_state()
    raw[8:12].view(torch.int32).fill_(left)
    raw[16:24].view(torch.int64).fill_(at)
    with pytest.raises(ValueError, match="position"):
        randomness.of_state(["torch", "", raw.numpy().tobytes()])
