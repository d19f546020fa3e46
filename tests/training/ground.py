"""What the tests of a training change and follow."""

from __future__ import annotations

from typing import Any

from llmex.grader.report import Sentence
from llmex.grader.training import LiveRun, Training
from tests.judging import world_solution

RIGHT = world_solution("descent")


REPORT = "on_step(step, loss)"


def changed(*edits: tuple[str, str]) -> str:
    """The solution with some of its text replaced."""
    text = RIGHT
    for find, replace in edits:
        assert text.count(find) == 1, find
        text = text.replace(find, replace)
    return text


def live(steps: int = 4, heard: list[dict[str, Any]] | None = None, **options: Any) -> LiveRun:
    """A run as a suite has it, without a session around it."""

    def halt(cause: Sentence) -> Any:
        raise SystemExit(cause.english())

    hear = (heard if heard is not None else []).append
    return Training("test_x", [], halt, hear).begin(steps=steps, unit="nats", **options)
