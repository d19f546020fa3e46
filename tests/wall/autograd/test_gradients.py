"""Gradients of first order cross the wall, for inputs and for bound parameters."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from llmex.grader.answers import AnswerRaised
from tests.wall.autograd.ground import leaf


def test_gradcheck_runs_through_the_wall(learner: Any) -> None:
    """torch.autograd.gradcheck, with several inputs and several outputs, needs nothing special."""
    assert torch.autograd.gradcheck(learner.softmax, (leaf(3, 4),))
    inputs = (leaf(2, 3), leaf(4, 3, seed=1), leaf(4, 5, seed=2))
    assert torch.autograd.gradcheck(learner.attention, inputs)


def test_gradients_equal_those_of_one_process(learner: Any) -> None:
    """The answer's part sits in the middle of the suite's graph, with a random cotangent."""
    x, cotangent = leaf(3, 4), leaf(3, 4, seed=5).detach()

    def through(softmax: Any) -> torch.Tensor:
        x.grad = None
        y = softmax(x.sin() * 2) * x
        y.backward(cotangent)
        assert x.grad is not None
        return x.grad

    assert torch.allclose(through(learner.softmax), through(lambda z: z.softmax(-1)), atol=1e-14)


def test_gradients_accumulate_and_backward_repeats(learner: Any) -> None:
    """`.grad` adds up as usual; a second backward of the same graph is allowed."""
    x = leaf(4)
    y = learner.softmax(x)
    y[0].backward(retain_graph=True)
    once = x.grad.clone()
    y[0].backward()
    assert torch.allclose(x.grad, 2 * once)
    learner.softmax(x)[0].backward()
    assert torch.allclose(x.grad, 3 * once)


def test_tensors_in_containers_are_inputs_too(learner: Any) -> None:
    """Leaves in dicts and lists, and intermediate tensors of the suite, take part."""
    w, b = leaf(3), leaf(2, seed=1)
    half = w / 2
    learner.weighted({"w": half, "more": [b]}, torch.ones(3).double()).sum().backward()
    assert torch.allclose(w.grad, torch.full((3,), 0.5).double())
    assert torch.allclose(b.grad, torch.full((2,), 3.0).double())


def test_results_of_every_kind_in_one_reply(learner: Any) -> None:
    """Differentiable, detached and boolean results, nested ones, and what depends on nothing."""
    x = leaf(3)
    double, detached, mask, rest = learner.split(x)
    assert double.requires_grad
    assert not detached.requires_grad
    assert mask.dtype == torch.bool
    rest["square"].sum().backward()
    assert torch.allclose(x.grad, 2 * x.detach())
    (double.sum() + rest["square"].sum()).backward()
    assert torch.allclose(x.grad, 4 * x.detach() + 2)
    assert learner.none(x) is None
    assert not learner.constant(x).requires_grad
    assert learner.identity(x) is x


def test_aliased_arguments_get_one_gradient(learner: Any) -> None:
    """The same tensor given twice is one input: its gradient is the sum."""
    x = leaf(2, 3)
    out, _ = learner.attention(x, x, x)
    out.pow(2).sum().backward()
    y = x.detach().clone().requires_grad_()
    weights = (y @ y.mT / 3**0.5).softmax(-1)
    (weights @ y).pow(2).sum().backward()
    assert torch.allclose(x.grad, y.grad)


def test_views_among_results(learner: Any) -> None:
    """Results that share storage over there are separate, and each has its gradient."""
    x = leaf(2, 3)
    row, transposed, whole = learner.views(x)
    assert whole is x
    (row.sum() + 2 * transposed.sum()).backward()
    assert x.grad.tolist() == [[3, 3, 3], [2, 2, 2]]


def test_custom_functions_use_their_own_backward(learner: Any) -> None:
    """What the learner wrote as backward is what comes back, errors included."""
    x = leaf(3)
    learner.clipped(x).sum().backward()
    assert x.grad.tolist() == [7, 7, 7]
    with pytest.raises(AnswerRaised, match="no gradient") as caught:
        learner.broken(x).sum().backward()
    assert caught.value.lines[-1].endswith('raise ValueError("no gradient")')
    assert learner.identity(1) == 1


def test_bound_parameters_are_inputs(learner: Any) -> None:
    """A loaded value that requires grad gets the parameter's gradient, next to the input's."""
    d = 4
    m = learner.LayerNorm(d)
    m.double()
    x, w, b = leaf(3, d), leaf(d, seed=1), leaf(d, seed=2)
    learner.load(m, {"weight": w, "bias": b})
    cotangent = leaf(3, d, seed=3).detach()
    m(x).backward(cotangent)
    ours = [t.grad.clone() for t in (x, w, b)]
    for t in (x, w, b):
        t.grad = None
    torch.nn.functional.layer_norm(x, (d,), w, b).backward(cotangent)
    for found, t in zip(ours, (x, w, b), strict=True):
        assert torch.allclose(found, t.grad)

    def function(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> Any:
        learner.load(m, {"weight": w, "bias": b})
        return m(x)

    assert torch.autograd.gradcheck(function, (x, w, b))


def test_a_value_loaded_later_takes_its_place(learner: Any) -> None:
    """A graph keeps the values that it was made with; a plain value ends the binding."""
    m = learner.LayerNorm(2)
    first = torch.tensor([1.0, 2.0], requires_grad=True)
    second = torch.tensor([5.0, 7.0], requires_grad=True)
    x = torch.tensor([1.0, -1.0], requires_grad=True)
    learner.load(m, {"weight": first})
    y = m(x * torch.tensor([1.0, 2.0]))
    learner.load(m, {"weight": second})
    z = m(x)
    y.sum().backward()
    assert first.grad is not None
    assert second.grad is None
    twin, w = x.detach().clone().requires_grad_(), first.detach()
    layer_norm = torch.nn.functional.layer_norm
    layer_norm(twin * torch.tensor([1.0, 2.0]), (2,), w).sum().backward()
    assert torch.allclose(x.grad, twin.grad, atol=1e-6)
    z.sum().backward()
    assert second.grad is not None
    learner.load(m, {"weight": torch.ones(2)})
    second.grad = None
    m(x).sum().backward()
    assert second.grad is None


def test_a_module_used_twice_in_a_graph(learner: Any) -> None:
    """Both uses of the same parameters add up."""
    m = learner.LayerNorm(3)
    m.double()
    w = leaf(3, seed=1)
    learner.load(m, {"weight": w})
    x = leaf(2, 3)
    m(m(x).tanh()).pow(2).sum().backward()
    ours = w.grad.clone(), x.grad.clone()
    w.grad = x.grad = None
    norm = torch.nn.functional.layer_norm
    norm(norm(x, (3,), w).tanh(), (3,), w).pow(2).sum().backward()
    assert torch.allclose(ours[0], w.grad)
    assert torch.allclose(ours[1], x.grad)


def test_parts_of_a_module_are_bound_with_it(learner: Any) -> None:
    """Names with dots, a handle on a part, and a module that is only an argument."""
    outer = learner.Outer(3)
    w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    learner.load(outer, {"inner.weight": w})
    x = torch.randn(2, 3)
    outer(x).sum().backward()
    first = w.grad.clone()
    w.grad = None
    learner.load(outer.inner, {"weight": w})
    outer.forward(x).sum().backward()
    assert torch.allclose(first, w.grad)
