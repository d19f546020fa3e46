"""Long graphs, built beside the learner's Values so that only their ends need to be sent."""

from typing import Any


def chain(value: Any, steps: int) -> Any:
    """One Value after the other: two operations a step, each used once."""
    for _ in range(steps):
        value = value * 1.0001 + 0.001
    return value


def ladder(value: Any, steps: int) -> Any:
    """Each Value is used twice: after n steps, 2**n paths lead back to the first."""
    for _ in range(steps):
        value = value * 0.5 + value * 0.5001
    return value
