"""Where a suite's random numbers come from: exercise, check and seed; small sizes first."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import torch


class Seeds:
    """The seeds of one check of one exercise."""

    def __init__(self, exercise: str, check: str, seed: int) -> None:
        self._key = f"{exercise}/{check}/{seed}"

    def number(self, purpose: str) -> int:
        """A 63-bit seed for one purpose, the same in every session."""
        digest = hashlib.blake2b(f"{self._key}/{purpose}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "little") >> 1

    def numpy(self, purpose: str = "rng") -> np.random.Generator:
        """A NumPy generator for one purpose."""
        return np.random.default_rng(self.number(purpose))

    def torch(self) -> torch.Generator:
        """A torch generator on the CPU."""
        import torch

        return torch.Generator().manual_seed(self.number("trng"))


class Sizes:
    """Draws tuples of sizes that all differ, so that a transpose or a wrong axis shows."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def __call__(
        self, count: int, cases: int = 6, low: int = 2, high: int = 7
    ) -> Iterator[tuple[int, ...]]:
        """`cases` tuples of `count` different ints in low..high, the small ones first.

        The first is as small as can be, in a random order of its members.
        """
        if high - low + 1 < count:
            raise ValueError(f"no {count} different sizes in {low}..{high}")
        smallest = tuple(int(n) for n in self._rng.permutation(np.arange(low, low + count)))
        yield smallest
        choices = list(itertools.combinations(range(low, high + 1), count))
        drawn = [choices[i] for i in self._rng.integers(len(choices), size=cases - 1)]
        for combination in sorted(drawn, key=math.prod):
            yield tuple(int(n) for n in self._rng.permutation(combination))
