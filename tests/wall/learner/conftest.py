"""The answer of these tests behind its wall."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wall.learner.ground import ANSWER


@pytest.fixture
def learner(seat: Any) -> Any:
    """One answer with a little of everything."""
    return seat(ANSWER)
