"""Random numbers of a suite depend on exercise, check and seed alone; sizes differ and grow."""

from __future__ import annotations

import math

import numpy as np
import pytest

from llmex.grader.draws import Seeds, Sizes


def test_seeds_repeat_and_differ() -> None:
    """The same exercise, check, seed and purpose give the same number; any other, another."""
    base = Seeds("softmax", "test_a", 0).number("rng")
    assert base == Seeds("softmax", "test_a", 0).number("rng")
    others = {
        Seeds("softmax", "test_b", 0).number("rng"),
        Seeds("bleu", "test_a", 0).number("rng"),
        Seeds("softmax", "test_a", 1).number("rng"),
        Seeds("softmax", "test_a", 0).number("worker"),
    }
    assert base not in others
    assert len(others) == 4


@pytest.mark.parametrize("seed", range(20))
def test_sizes_differ_within_a_tuple_and_grow(seed: int) -> None:
    """No two sizes of a case are equal, the first case is the smallest, products never fall."""
    cases = list(Sizes(np.random.default_rng(seed))(3, cases=5))
    assert len(cases) == 5
    assert sorted(cases[0]) == [2, 3, 4]
    assert all(len(set(case)) == 3 for case in cases)
    products = [math.prod(case) for case in cases]
    assert products == sorted(products)


def test_sizes_refuse_what_cannot_be() -> None:
    """Asking for more different sizes than there are is a mistake of the suite's author."""
    with pytest.raises(ValueError, match="no 7 different"):
        list(Sizes(np.random.default_rng(0))(7))
