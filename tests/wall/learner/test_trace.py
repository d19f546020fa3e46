"""The trace keeps what crossed, within bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.answers import (
    AnswerRaised,
    ArgumentChanged,
)
from llmex.grader.trace import Mark


def test_the_trace_keeps_what_crossed(learner: Any) -> None:
    """Later changes of arguments or results do not reach the record."""
    x = np.ones(3)
    out = learner.identity(x + 1, None)
    out += 5
    with pytest.raises(ArgumentChanged):
        learner.add_(x, y=2)
    x += 100
    first, second = learner.trace
    assert (first.target, second.target) == ("identity", "add_")
    assert first.args[0].tolist() == [2, 2, 2]
    assert first.result.tolist() == [2, 2, 2]
    assert second.args[0].tolist() == [1, 1, 1]
    assert second.kwargs == {"y": 2}
    big = np.ones(10_000)
    learner.identity(big)
    big += 1
    assert learner.trace[-1].args[0].sum() == 10_000


def test_the_trace_names_handles_placed_values_and_callbacks(learner: Any) -> None:
    """What does not cross is a mark with a label; a handle knows the call that made it."""
    m = learner.LayerNorm(2)
    p = learner.place(torch.ones(2), parameter=True)
    learner.load(m, {"gamma": torch.tensor([2.0, 3.0])})
    m(torch.ones(2))
    m.forward(torch.zeros(2))
    learner.call(lambda *_: None, m, p)
    made, load, call, forward, last = learner.trace
    assert (made.target, made.args) == ("LayerNorm", (2,))
    assert (load.target, load.args[0]["gamma"].tolist()) == ("layer_norm.load", [2, 3])
    assert (call.target, forward.target) == ("layer_norm", "layer_norm.forward")
    assert call.on is not None
    assert call.on.made_by is made
    function, module, placed = last.args
    assert (function.kind, module.kind, placed.kind) == ("callback", "handle", "placed")
    assert module == call.on
    assert (placed.label, placed.value.tolist()) == ("p", [1, 1])
    assert isinstance(made.result, Mark)


def test_the_trace_keeps_what_is_done_to_objects(learner: Any) -> None:
    """Operators, items, attributes and gradients stand in the record as what they are."""
    a = learner.Value(2)
    _ = a + a
    _ = 3 - a
    a.data = 5
    p = learner.place(torch.ones(2))
    p.set_grad(torch.zeros(2))
    p.load(torch.full((2,), 3.0))
    box = learner.Box({})
    box["k"] = 1
    _ = box["k"]
    targets = [call.target for call in learner.trace]
    assert targets == [
        "Value", "value.+", "value.__rsub__", "value.__setattr__", "p.set_grad", "p.load", "Box",
        "box.setitem", "box.getitem",
    ]  # fmt: skip
    plus, minus, data, grad, load, _, put, _ = learner.trace[1:]
    assert plus.args == (plus.on,)
    assert minus.args == (3,)
    assert data.args == ("data", 5)
    assert grad.args[0].tolist() == [0, 0]
    assert load.args[0].tolist() == [3, 3]
    assert put.args == ("k", 1)
    assert plus.result.made_by is plus


def test_the_trace_shows_what_came_of_a_changed_argument(learner: Any) -> None:
    """An argument that is changed and returned: the record has it before and after."""
    learner.inplace.add_(np.ones(2))
    call = learner.trace[-1]
    assert call.args[0].tolist() == [1, 1]
    assert call.result.tolist() == [2, 2]


def test_the_trace_keeps_failed_calls(learner: Any) -> None:
    """A call that raised is on record with its error."""
    with pytest.raises(AnswerRaised):
        learner.draw(None)
    assert learner.trace[-1].target == "draw"
    assert isinstance(learner.trace[-1].error, AnswerRaised)
    assert learner.trace[-1].result is None


def test_large_values_leave_only_their_description(learner: Any) -> None:
    """Of arrays over a megabyte the record keeps dtype and shape."""
    learner.identity([np.zeros((300, 1000)), 3], "x")
    call = learner.trace[-1]
    (mark, three), text = call.args
    assert (mark.kind, mark.text) == ("large", "float64 array of shape (300, 1000)")
    assert (three, text) == (3, "x")
    assert call.result[1] == 3


def test_the_trace_is_capped(learner: Any) -> None:
    """Thousands of calls do not fill the judge's memory."""
    for _ in range(2500):
        learner.identity(1)
    assert len(learner.trace) == 2000
    learner.begin(1)
    assert learner.trace == []
