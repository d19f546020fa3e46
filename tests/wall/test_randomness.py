"""Generators come back from an answer as drawing leaves them, and in no other state."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.worker import randomness

KINDS: dict[str, Callable[[], Any]] = {
    "PCG64": lambda: np.random.default_rng(1),
    "PCG64DXSM": lambda: np.random.Generator(np.random.PCG64DXSM(1)),
    "MT19937": lambda: np.random.Generator(np.random.MT19937(1)),
    "Philox": lambda: np.random.Generator(np.random.Philox(1)),
    "SFC64": lambda: np.random.Generator(np.random.SFC64(1)),
    "RandomState": lambda: np.random.RandomState(1),
    "Python": lambda: random.Random(1),
    "torch": lambda: torch.Generator().manual_seed(1),
}


def draw(generator: Any, count: int) -> list[float]:
    """So many numbers."""
    if isinstance(generator, torch.Generator):
        return torch.rand(count, generator=generator).tolist()
    if isinstance(generator, random.Random):
        return [generator.random() for _ in range(count)]
    return list(generator.random(count))


def copy(generator: Any) -> Any:
    """A generator in the same state, made as it is made beyond the wall."""
    state = randomness.state_of(generator)
    assert state is not None
    return randomness.of_state(list(state))


@pytest.mark.parametrize("count", [0, 1, 700, 100_001])
@pytest.mark.parametrize("kind", KINDS)
def test_a_generator_comes_back_advanced(kind: str, count: int) -> None:
    """However many numbers an answer draws, the suite goes on where the answer has stopped."""
    ours = KINDS[kind]()
    theirs = copy(ours)
    draw(theirs, count)
    randomness.become(ours, theirs)
    assert draw(ours, 5) == draw(theirs, 5)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_generator_gives_next_cannot_be_chosen(kind: str) -> None:
    """Another seed's state, an older state and one of zeros leave the suite's generator alone."""
    first, ours = KINDS[kind](), KINDS[kind]()
    draw(ours, 2000)
    before = copy(ours)
    for forged in (first, other_seed(kind), zeroed(kind)):
        randomness.become(ours, forged)
        assert draw(copy(ours), 5) == draw(copy(before), 5)


def other_seed(kind: str) -> Any:
    """The same kind of generator, with another seed."""
    made = KINDS[kind]()
    if kind == "torch":
        return made.manual_seed(2)
    if kind == "Python":
        return random.Random(2)
    if kind == "RandomState":
        return np.random.RandomState(2)
    return np.random.Generator(type(made.bit_generator)(2))


def zeroed(kind: str) -> Any:
    """A generator that gives nothing but zeros, or as near to that as it lets itself be set."""
    made = KINDS[kind]()
    if kind == "torch":
        raw = made.get_state()
        raw[randomness._TORCH_WORDS] = 0
        return made.set_state(raw)
    if kind == "Python":
        made.setstate((3, (*[0] * 624, 0), None))
        return made
    target = made if kind == "RandomState" else made.bit_generator
    state = target.get_state(legacy=False) if kind == "RandomState" else target.state
    inner = state["state"]
    for key, value in inner.items():
        if key != "pos":
            inner[key] = value * 0
    if kind == "RandomState":
        target.set_state(state)
    else:
        target.state = state
    return made


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("MT19937", lambda s: s["state"].update(pos=10**8)),
        ("MT19937", lambda s: s["state"].update(pos=-1)),
        ("Philox", lambda s: s.update(buffer_pos=10**8)),
        ("Philox", lambda s: s.update(buffer_pos=-5000)),
    ],
)
def test_a_position_outside_of_the_state_is_refused(
    kind: str, spoil: Callable[[Any], object]
) -> None:
    """No forged position makes NumPy read memory of the judge's."""
    state = KINDS[kind]().bit_generator.state
    spoil(state)
    with pytest.raises(ValueError, match="position"):
        randomness.of_state(["numpy", kind, state])


def test_an_old_generator_is_checked_too() -> None:
    """The same holds for RandomState, and for the number that it keeps for its next call."""
    for spoil in ({"gauss": 1e300}, {"gauss": float("nan")}):
        state = np.random.RandomState(1).get_state(legacy=False)
        with pytest.raises(ValueError, match="never drawn"):
            randomness.of_state(["legacy", "", state | spoil])
    state = np.random.RandomState(1).get_state(legacy=False)
    state["state"]["pos"] = 10**8
    with pytest.raises(ValueError, match="position"):
        randomness.of_state(["legacy", "", state])
