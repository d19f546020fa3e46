"""Callbacks: an answer calls back into the suite, and values cross both ways."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.answers import (
    AnswerRaised,
)


def test_callbacks_exchange_values(learner: Any) -> None:
    """A function of the suite is called with values and answers with values."""
    seen = []

    def double(x: Any) -> Any:
        seen.append(x)
        return x * 2

    assert learner.call_all(double, [1, "a", 2.5]) == [2, "aa", 5.0]
    assert seen == [1, "a", 2.5]
    found = learner.call(double, np.arange(3))
    assert found.tolist() == [0, 2, 4]
    assert learner.identity(double) is double


def test_callbacks_may_call_the_learner_again(learner: Any) -> None:
    """Calls nest: answer, judge, answer, judge."""

    def inner(x: int) -> int:
        return int(learner.call(lambda y: y + 1, x)) * 10

    assert learner.call(inner, 1) == 20
    assert learner.call_all(inner, [1, 2]) == [20, 30]
    a = learner.Value(2)
    assert learner.call(lambda: a.itself().data) == 2


def test_an_error_in_a_callback_comes_back_unchanged(learner: Any) -> None:
    """The judge's own exception passes the answer, whatever the answer makes of it."""

    class Own(Exception):
        pass

    def fail() -> None:
        raise Own("mine")

    for name in ("call", "careful"):
        with pytest.raises(Own, match="mine"):
            getattr(learner, name)(fail)
    assert learner.identity(1) == 1


def test_a_callback_called_wrongly_is_the_answers_error(learner: Any) -> None:
    """Arguments that the suite's function does not take raise in the answer, at its own line."""
    with pytest.raises(AnswerRaised, match="missing 1 required positional argument") as caught:
        learner.call(lambda _event, _step: None, "forward")
    assert caught.value.name == "TypeError"
    assert caught.value.lines[-1].endswith("def call(f, *args): return f(*args)")
    with pytest.raises(TypeError, match="unsupported operand"):
        learner.call(lambda step: step + None, 1)


def test_graphs_do_not_cross_callbacks(learner: Any) -> None:
    """A tensor that requires grad reaches the suite's function as a plain value."""
    seen = []
    learner.call(lambda x: seen.append(x.requires_grad), torch.ones(2, requires_grad=True))
    assert seen == [False]
