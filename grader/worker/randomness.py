"""Random generators by state: NumPy's, torch's and Python's own, read and set without pickle."""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np

_BITS = {
    kind.__name__: kind
    for kind in (
        np.random.PCG64,
        np.random.PCG64DXSM,
        np.random.MT19937,
        np.random.Philox,
        np.random.SFC64,
    )
}
KINDS: tuple[type, ...] = (np.random.Generator, np.random.RandomState, random.Random)


def state_of(generator: Any) -> tuple[Any, ...] | None:
    """A generator's kind and state as plain values; None if it is of no known kind."""
    if isinstance(generator, np.random.Generator):
        bits = generator.bit_generator
        name = type(bits).__name__
        return ("numpy", name, bits.state) if type(bits) is _BITS.get(name) else None
    if isinstance(generator, np.random.RandomState):
        return ("legacy", "", generator.get_state(legacy=False))
    if isinstance(generator, random.Random):
        version, words, gauss = random.Random.getstate(generator)
        return ("python", "", [version, np.array(words, np.uint32).tobytes(), gauss])
    if str(generator.device) != "cpu":
        return None
    return ("torch", "", generator.get_state().numpy().tobytes())


def of_state(state: list[Any]) -> Any:
    """A new generator in that state."""
    kind, name, inner = state
    if kind == "numpy":
        bits = _BITS[name](0)
        bits.state = inner
        return np.random.Generator(bits)
    made: Any = {"legacy": np.random.RandomState, "python": random.Random}.get(kind)
    made = made(0) if made else sys.modules["torch"].Generator()
    set_state(made, inner)
    return made


def set_state(generator: Any, inner: Any) -> None:
    """Put a generator into the state that `state_of` gave as its last part."""
    if isinstance(generator, np.random.Generator):
        generator.bit_generator.state = inner
    elif isinstance(generator, np.random.RandomState):
        generator.set_state(inner)
    elif isinstance(generator, random.Random):
        version, words, gauss = inner
        generator.setstate((version, tuple(np.frombuffer(words, np.uint32).tolist()), gauss))
    else:
        raw = np.frombuffer(inner, np.uint8).copy()
        generator.set_state(sys.modules["torch"].from_numpy(raw))


def become(generator: Any, other: Any) -> None:
    """Put a generator into the state of another of its kind."""
    state = state_of(other)
    if state is not None:
        set_state(generator, state[2])


def is_generator(value: Any) -> bool:
    """Whether a value is a random generator: to be advanced is no change."""
    return isinstance(value, KINDS) or type(value).__name__ == "Generator"
