"""Placed tensors and parameters go by reference, and parameters are loaded by name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.answers import (
    ParameterMismatch,
)
from llmex.grader.handles import Placed


def test_placed_tensors_go_by_reference(learner: Any) -> None:
    """Value, gradient and load are verbs; changes of a placed tensor are no fault."""
    p = learner.place(torch.ones(2), parameter=True)
    learner.fill_(p)
    assert type(p) is Placed
    assert not torch.equal(p.value(), torch.ones(2))
    assert not p.value().requires_grad
    p.load(torch.tensor([3.0, 4.0]))
    assert p.value().tolist() == [3, 4]
    assert p.grad() is None
    p.set_grad(torch.tensor([1.0, 2.0]))
    assert p.grad().tolist() == [1, 2]
    p.set_grad(None)
    assert p.grad() is None
    assert learner.same(p, p)
    array, items = learner.place(np.ones(2)), learner.place([3, 1])
    learner.add_(array)
    learner.sort_(items)
    assert array.value().tolist() == [2, 2]
    assert items.value() == [1, 3]


def test_a_placed_value_that_comes_back_is_itself(learner: Any) -> None:
    """In a result, a placed tensor is the same placed tensor."""
    p = learner.place(torch.ones(2))
    found = learner.identity(p)
    assert isinstance(found, Placed)
    assert learner.same(found, p)


ADAMW = """
    import torch
    class AdamW:
        def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
            groups = list(params)
            if not isinstance(groups[0], dict): groups = [{"params": groups}]
            options = dict(lr=lr, betas=betas, eps=eps, weight_decay=weight_decay)
            self.param_groups = [{**options, **g, "params": list(g["params"])} for g in groups]
            self.state = {}
        @torch.no_grad()
        def step(self):
            for g in self.param_groups:
                b1, b2 = g["betas"]
                for p in g["params"]:
                    if p.grad is None: continue
                    s = self.state.setdefault(
                        p, {"t": 0, "m": torch.zeros_like(p), "v": torch.zeros_like(p)})
                    s["t"] += 1
                    p.mul_(1 - g["lr"] * g["weight_decay"])
                    s["m"].lerp_(p.grad, 1 - b1)
                    s["v"].mul_(b2).addcmul_(p.grad, p.grad, value=1 - b2)
                    root = (s["v"] / (1 - b2 ** s["t"])).sqrt() + g["eps"]
                    p.addcdiv_(s["m"] / (1 - b1 ** s["t"]), root, value=-g["lr"])
"""


def test_adamw_by_place_equals_torch_over_a_thousand_steps(seat: Any) -> None:
    """An optimiser that keeps its parameters works on placed ones, as torch's does on its own."""
    learner = seat(ADAMW)
    start = torch.randn(5, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    ours = learner.place(start, parameter=True)
    theirs = torch.nn.Parameter(start.clone())
    answer = learner.AdamW([ours], lr=1e-2)
    oracle = torch.optim.AdamW([theirs], lr=1e-2)
    generator = torch.Generator().manual_seed(1)
    for step in range(1000):
        grad = torch.randn(5, generator=generator, dtype=torch.float64)
        ours.set_grad(grad)
        theirs.grad = grad
        if step == 500:
            learner.handle(answer, "param_groups", 0)["lr"] = 1e-3
            oracle.param_groups[0]["lr"] = 1e-3
        answer.step()
        oracle.step()
    assert torch.allclose(ours.value(), theirs.detach(), rtol=1e-12, atol=1e-12)
    assert learner.same(learner.handle(answer, "param_groups", 0, "params", 0), ours)


def test_load_sets_parameters_by_name(learner: Any) -> None:
    """Values go in place into the same Parameter; names and shapes are told; buffers count."""
    m = learner.LayerNorm(2)
    gamma = learner.handle(m, "gamma")
    assert learner.parameters(m) == {"gamma": (2,), "beta": (2,)}
    learner.load(m, {"gamma": torch.tensor([2.0, 3.0]), "steps": torch.tensor([7.0])})
    assert m(torch.ones(2)).tolist() == [2, 3]
    assert learner.same(gamma, learner.handle(m, "gamma"))
    assert m.steps.tolist() == [7]


def test_a_missing_or_misshapen_parameter_says_what_is_there(learner: Any) -> None:
    """The finding names the parameter that a suite sets, and the ones that there are."""
    m = learner.LayerNorm(8)
    with pytest.raises(ParameterMismatch) as caught:
        learner.load(m, {"weight": torch.ones(8)})
    assert caught.value.finding.english() == (
        "`LayerNorm` must have a parameter `weight` of shape (8,); "
        "yours are gamma (8,), beta (8,), steps (1,)."
    )
    with pytest.raises(ParameterMismatch) as caught:
        learner.load(m, {"gamma": torch.ones(8, 1)})
    assert caught.value.finding.english() == (
        "The parameter `gamma` of `LayerNorm` must have shape (8, 1); yours has (8,)."
    )


def test_modules_can_be_tied_by_handles(learner: Any) -> None:
    """A call that changes an object that stays in the worker is no changed argument."""
    a, b = learner.LayerNorm(2), learner.LayerNorm(2)
    learner.tie(a, b)
    assert learner.same(learner.handle(a, "gamma"), learner.handle(b, "gamma"))


@pytest.mark.parametrize("module", [None, 3, [1.0], "a module"])
def test_what_is_no_module_is_the_answers_fault(learner: Any, module: object) -> None:
    """A suite that is given None in a module's place says so, and is not itself at fault."""
    for look in (lambda: learner.load(module, {}), lambda: learner.parameters(module)):
        with pytest.raises(ParameterMismatch, match="module with parameters"):
            look()
