"""What an answer forges of its worker's own words ends it, and is no trouble of a suite."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from llmex.grader.sandbox import BROKEN, SubjectStopped

FORGER = """
    import sys
    import torch
    from torch import nn

    def forge(verb, what):
        sys.modules["llmex.grader.worker.subject"]._VERBS[verb] = lambda *_: FORGED[what]

    FORGED = {
        "list": [1], "text": "x", "number": {"weight": 5}, "sizes": {"weight": ("a",)},
        "name": {5: (1,)}, "shapes": [torch.zeros(9)], "many": [None, None], "other": ["x"],
    }
    def double(x): return 2 * x
    def make(): return nn.Linear(2, 2)
    class Box:
        def size(self): return 3
"""


@pytest.mark.parametrize("what", ["list", "text", "number", "sizes", "name"])
def test_shapes_that_are_none_end_the_answer(what: str, seat: Any) -> None:
    """Parameters are names and tuples of ints, or the worker has been tampered with."""
    learner = seat(FORGER)
    module = learner.make()
    learner.forge("shapes", what)
    with pytest.raises(SubjectStopped) as caught:
        learner.parameters(module)
    assert caught.value.cause.text == BROKEN


def test_a_place_that_is_none_ends_the_answer(seat: Any) -> None:
    """A placed value is known by a number."""
    learner = seat(FORGER)
    learner.forge("place", "list")
    with pytest.raises(SubjectStopped):
        learner.place([1])


@pytest.mark.parametrize("what", ["list", "text", "shapes", "many", "other"])
def test_gradients_that_do_not_fit_end_the_answer(what: str, seat: Any) -> None:
    """A gradient has the shape of what it is the gradient of."""
    learner = seat(FORGER)
    x = torch.ones(3, requires_grad=True)
    y = learner.double(x)
    learner.forge("pull_back", what)
    with pytest.raises(SubjectStopped):
        y.sum().backward()


def test_a_method_in_a_values_place_is_called_one(seat: Any) -> None:
    """A method where a value should be is a method to the learner, a function a function."""
    learner = seat(FORGER)
    assert learner.Box().size.remote_type == "method"
    assert learner.double.remote_type == "function"
