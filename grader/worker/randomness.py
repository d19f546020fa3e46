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
_WORDS, _TORCH_WORDS = 624, slice(24, 24 + 8 * 624)
# torch's state: the seed; how many words are left, and where the next one lies; the words; the
# normal numbers kept for the next draw, each before the flag that says whether there is one.
_TORCH_SEED, _TORCH_LEFT, _TORCH_NEXT = slice(0, 8), slice(8, 12), slice(16, 24)
_TORCH_NORMALS = ((slice(5016, 5040), "<f8"), (slice(5048, 5052), "<f4"))
_TORCH_KEPT = slice(5016, None)
_MOST_STEPS, _MOST_TWISTS, _MOST_LOOKED_AT = 1 << 40, 4000, 1 << 22
_LARGEST_NORMAL = 40.0
_MULTIPLIERS = {"PCG64": 0x2360ED051FC65DA44385DF649FCCF645, "PCG64DXSM": 0xDA942042E4DD58B5}
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
        _check(inner)
        bits.state = inner
        return np.random.Generator(bits)
    made: Any = {"legacy": np.random.RandomState, "python": random.Random}.get(kind)
    made = made(0) if made else sys.modules["torch"].Generator()
    set_state(made, inner)
    return made


def set_state(generator: Any, inner: Any) -> None:
    """Put a generator into the state that `state_of` gave as its last part.

    ValueError for what no generator's state can be: NumPy takes any number for a position, and
    would read whatever memory lies there.
    """
    if isinstance(generator, np.random.Generator):
        _check(inner)
        generator.bit_generator.state = inner
    elif isinstance(generator, np.random.RandomState):
        _check(inner)
        generator.set_state(inner)
    elif isinstance(generator, random.Random):
        version, words, gauss = inner
        _likely(gauss or 0.0)
        generator.setstate((version, tuple(np.frombuffer(words, np.uint32).tolist()), gauss))
    else:
        raw = np.frombuffer(inner, np.uint8).copy()
        left, at = _torch_place(inner)
        if (at, left) != (0, 1) and (left < 1 or at + left != _WORDS + 1):
            raise ValueError("a position outside of the state")
        for place, kind in _TORCH_NORMALS:
            _likely(*np.frombuffer(inner[place], kind).tolist())
        generator.set_state(sys.modules["torch"].from_numpy(raw))


def _check(state: dict[str, Any]) -> None:
    inside = state["state"]
    places = ((inside.get("pos"), _WORDS), (state.get("buffer_pos"), 4))
    if any(place is not None and not 0 <= int(place) <= most for place, most in places):
        raise ValueError("a position outside of the state")
    _likely(state.get("gauss", 0.0))


def _likely(*normal: float) -> None:
    """Refuse what no generator keeps for its next normal draw."""
    if not all(abs(float(number)) < _LARGEST_NORMAL for number in normal):
        raise ValueError("a number that is never drawn")


def become(generator: Any, other: Any) -> None:
    """Draw from a generator as often as `other`, which began in its state, has been drawn from.

    Where the state of `other` is not one that drawing leads to, nothing happens: who is handed a
    generator may use it, but not choose what it gives next. A second normal number, which some
    generators keep for the next call, does not come along: nobody can tell whether it was drawn.
    """
    mine, theirs = state_of(generator), state_of(other)
    alike = mine is not None and theirs is not None and mine[:2] == theirs[:2]
    if alike and _ahead(generator, mine[2], theirs[2]):  # type: ignore[index]
        set_state(generator, _without_normals(mine[2], theirs[2]))  # type: ignore[index]


def _without_normals(mine: Any, theirs: Any) -> Any:
    """A state that keeps no other normal number than the one that was kept before."""
    if isinstance(theirs, list):
        return [*theirs[:2], mine[2] if mine[2] == theirs[2] else None]
    if isinstance(theirs, bytes):
        kept = mine[_TORCH_KEPT] == theirs[_TORCH_KEPT]
        return theirs if kept else theirs[: _TORCH_KEPT.start] + bytes(len(mine[_TORCH_KEPT]))
    if "gauss" in theirs and theirs["gauss"] != mine["gauss"]:
        return theirs | {"has_gauss": 0, "gauss": 0.0}
    return theirs


def _ahead(generator: Any, mine: Any, theirs: Any) -> bool:
    """Whether drawing leads from one state to the other, in a number of steps that is likely."""
    if not isinstance(mine, dict):
        return _twisted(generator, mine, theirs)
    kind, old, new = mine["bit_generator"], mine["state"], theirs["state"]
    if kind == "MT19937":
        return _twisted(generator, mine, theirs)
    if kind in _MULTIPLIERS:
        steps = _distance(old, new["state"], _MULTIPLIERS[kind])
        likely = old["inc"] == new["inc"] and steps < _MOST_STEPS
    elif kind == "Philox":
        counts = [sum(int(w) << 64 * i for i, w in enumerate(s["counter"])) for s in (old, new)]
        steps = 4 * (counts[1] - counts[0]) + int(theirs["buffer_pos"]) - int(mine["buffer_pos"])
        likely = 0 <= steps <= _MOST_LOOKED_AT
    else:
        steps = int(new["state"][3]) - int(old["state"][3])
        likely = 0 <= steps <= _MOST_LOOKED_AT
    return likely and _drawn(kind, mine, theirs, steps)


def _drawn(kind: str, mine: dict[str, Any], theirs: dict[str, Any], steps: int) -> bool:
    """Whether so many steps lead to a state, and to the half of a number that it keeps."""
    clone = of_state(["numpy", kind, mine]).bit_generator
    if steps > _MOST_LOOKED_AT:
        clone.advance(steps - _MOST_LOOKED_AT)
    raw = clone.random_raw(min(steps, _MOST_LOOKED_AT))
    halves = ("has_uint32", "uinteger")
    led = {key: value for key, value in clone.state.items() if key not in halves}
    if not all(_same(value, theirs[key]) for key, value in led.items()):
        return False
    same = all(mine[half] == theirs[half] for half in halves)
    return same or not theirs["has_uint32"] or bool(np.any(raw >> 32 == theirs["uinteger"]))


def _same(one: Any, other: Any) -> bool:
    """Whether two parts of a state are equal."""
    if isinstance(one, dict):
        return all(_same(value, other[key]) for key, value in one.items())
    return bool(np.array_equal(one, other))


def _distance(old: dict[str, int], new: int, multiplier: int) -> int:
    """How many steps of a linear congruential generator lie between two states (Brown, 1994)."""
    state, plus, bit, distance = old["state"], old["inc"], 1, 0
    while state != new and bit < 1 << 128:
        if (state ^ new) & bit:
            state = (state * multiplier + plus) % (1 << 128)
            distance |= bit
        plus = (multiplier + 1) * plus % (1 << 128)
        multiplier = multiplier * multiplier % (1 << 128)
        bit <<= 1
    return distance if state == new else 1 << 128


def _twisted(generator: Any, mine: Any, theirs: Any) -> bool:
    """The same for a Mersenne Twister: its words are renewed all at once, every 624 draws."""
    kind = state_of(generator)
    assert kind is not None
    clone, wanted = of_state([kind[0], kind[1], mine]), _words(theirs)
    if _words(mine) == wanted:
        return _seed(mine) == _seed(theirs) and _place(mine) <= _place(theirs)
    for _ in range(_MOST_TWISTS):
        _draw(clone)
        state = state_of(clone)
        assert state is not None
        if _words(state[2]) == wanted:
            return _seed(mine) == _seed(theirs)
    return False


def _seed(inner: Any) -> bytes:
    """What torch says of where a generator began; nothing of the others."""
    return inner[_TORCH_SEED] if isinstance(inner, bytes) else b""


def _place(inner: Any) -> int:
    """How many of its words have been given."""
    if isinstance(inner, dict):
        return int(inner["state"]["pos"])
    if isinstance(inner, bytes):
        left, at = _torch_place(inner)
        return _WORDS if (at, left) == (0, 1) else at
    return int(np.frombuffer(inner[1], np.uint32)[_WORDS])


def _torch_place(inner: bytes) -> tuple[int, int]:
    """How many words are left, with one that is given before it is counted; where the next lies."""
    (left,), (at,) = (
        np.frombuffer(inner[place], kind).tolist()
        for place, kind in ((_TORCH_LEFT, "<i4"), (_TORCH_NEXT, "<u8"))
    )
    return left, at


def _words(inner: Any) -> bytes:
    """The 624 words of a Mersenne Twister's state."""
    if isinstance(inner, dict):
        return bytes(np.asarray(inner["state"]["key"], np.uint32).tobytes())
    if isinstance(inner, bytes):  # torch: seed, counters, words of eight bytes, cached normals
        return inner[_TORCH_WORDS]
    return bytes(inner[1][: 4 * _WORDS])


def _draw(clone: Any) -> None:
    """As many draws as there are words."""
    if isinstance(clone, np.random.Generator):
        clone.bit_generator.random_raw(_WORDS, output=False)
    elif isinstance(clone, np.random.RandomState):
        clone.randint(0, 1 << 32, _WORDS, np.uint32)
    elif isinstance(clone, random.Random):
        clone.getrandbits(32 * _WORDS)
    else:
        torch = sys.modules["torch"]
        torch.empty(_WORDS, dtype=torch.int32).random_(generator=clone)


def is_generator(value: Any) -> bool:
    """Whether a value is a random generator: to be advanced is no change."""
    return isinstance(value, KINDS) or type(value).__name__ == "Generator"
