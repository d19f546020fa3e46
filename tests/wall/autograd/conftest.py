"""The answer of these tests behind its wall."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wall.autograd.ground import ANSWER


@pytest.fixture
def learner(seat: Any) -> Any:
    """Functions and modules whose gradients are looked at."""
    return seat(ANSWER)
