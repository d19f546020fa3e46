"""A call that may not change its arguments leaves the suite's own objects as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.learner import ArgumentChanged
from tests.wall.conftest import Seat

SOURCE = """
def spoil(x):
    x[0] = 9
    return x

def draw(rng):
    return rng.random()
"""


@pytest.mark.parametrize("made", [lambda: [1, 2], lambda: np.ones(2), lambda: torch.ones(2)])
def test_a_forbidden_change_does_not_reach_the_suite(seat: Seat, made: Any) -> None:
    """After the check has failed, a list, array or tensor of the suite is what it was."""
    mine = made()
    with pytest.raises(ArgumentChanged):
        seat(SOURCE).spoil(mine)
    assert list(mine) == list(made())


def test_a_generator_still_comes_back_advanced(seat: Seat) -> None:
    """Drawing from the suite's generator is no change of an argument, and it counts."""
    rng = np.random.default_rng(0)
    first = np.random.default_rng(0).random(2)
    assert seat(SOURCE).draw(rng) == first[0]
    assert rng.random() == first[1]
