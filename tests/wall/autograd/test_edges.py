"""Where graphs end: second order, no gradient, memory, and inputs of every kind."""

from __future__ import annotations

import gc
from typing import Any

import pytest
import torch

from llmex.grader.differentiate import GradientLost
from tests.wall.autograd.ground import leaf


def test_objects_that_remember_a_graph(learner: Any) -> None:
    """What an object kept from one call is differentiated in a later one."""
    cache = learner.Cache()
    a, b = leaf(2), leaf(2, seed=1)
    cache.push(a)
    cache.push(b * 3)
    cache.total().sum().backward(retain_graph=True)
    assert a.grad.tolist() == [2, 2]
    assert b.grad.tolist() == [6, 6]
    cache.last.sum().backward()
    assert b.grad.tolist() == [12, 12]


def test_a_second_order_gradient_raises(learner: Any) -> None:
    """create_graph=True is refused, in whatever form; it never gives zeros."""
    x = leaf(3)
    y = learner.softmax(x).pow(2).sum()
    with pytest.raises(RuntimeError, match="first order"):
        torch.autograd.grad(y, x, create_graph=True)
    with pytest.raises(RuntimeError, match="first order"):
        y.backward(create_graph=True)
    with pytest.raises(RuntimeError, match="first order"):
        torch.autograd.gradgradcheck(learner.softmax, (x,))
    (grad,) = torch.autograd.grad(y, x)
    assert not grad.requires_grad


def test_no_grad_crosses(learner: Any) -> None:
    """In the suite's torch.no_grad the answer runs without a graph as well."""
    x = leaf(2)
    assert learner.uses_grad_mode(x) == (True, True)
    with torch.no_grad():
        assert learner.uses_grad_mode(x) == (False, False)
        assert not learner.softmax(x).requires_grad
    assert learner.softmax(x).requires_grad
    assert torch.allclose(learner.grad_of(x.detach()), learner.grad_of(x))


def test_a_result_that_requires_grad_says_so(learner: Any) -> None:
    """With parameters of the answer's own a result carries a graph; backward then explains."""
    m = learner.LayerNorm(2)
    y = m(torch.ones(1, 2))
    assert y.requires_grad
    assert not y.is_leaf
    with pytest.raises(GradientLost, match="does not depend on the input"):
        y.sum().backward()
    assert type(m.weight) is torch.nn.Parameter
    assert m.weight.requires_grad


def test_unused_inputs_have_no_gradient(learner: Any) -> None:
    """An argument that does not matter stays without a gradient, as in one process."""
    x, unused = leaf(2), leaf(2, seed=1)
    y = learner.weighted({"w": x, "more": [torch.zeros(1), unused]}, torch.ones(2).double())
    found = torch.autograd.grad(y.sum(), [x, unused], allow_unused=True)
    assert found[0] is not None
    assert found[1] is None


def test_undefined_cotangents(learner: Any) -> None:
    """A backward that touches one of several results asks for that one only."""
    q, k, v = leaf(2, 3), leaf(4, 3, seed=1), leaf(4, 5, seed=2)
    _, weights = learner.attention(q, k, v)
    weights.pow(2).sum().backward()
    assert q.grad is not None
    assert v.grad is None


def test_graph_memory_goes_with_the_judges_node(learner: Any) -> None:
    """When the suite drops a result, or a check ends, the worker drops the graph."""
    x = torch.ones(54321, requires_grad=True)
    results = [learner.big(x) for _ in range(5)]
    assert learner.free_count() >= 5
    del results
    gc.collect()
    assert learner.free_count() == 0
    kept = learner.big(x)
    learner.begin(1)
    assert learner.free_count() == 0
    with pytest.raises(RuntimeError, match="earlier check"):
        kept.sum().backward()


def test_leaves_are_forgotten_on_both_sides(learner: Any) -> None:
    """Thousands of calls keep no thousands of tensors in the judge."""
    x = leaf(3)
    for _ in range(50):
        learner.softmax(x * 1).sum().backward()
    gc.collect()
    learner.identity(1)
    learner.identity(1)
    assert len(learner._link.crossing.leaves) <= 2


def test_inplace_calls_on_tensors_in_a_graph(learner: Any) -> None:
    """A tensor changed in place keeps its values; the change itself has no gradient here."""
    x = torch.zeros(3)
    learner.inplace.add_(x, 2.0)
    assert x.tolist() == [2, 2, 2]


def test_half_precision_and_non_contiguous_inputs(learner: Any) -> None:
    """bfloat16, transposed and expanded leaves have gradients of their own shape and type."""
    x = torch.randn(3, 4).bfloat16().requires_grad_()
    learner.softmax(x).float().pow(2).sum().backward()
    assert x.grad.dtype == torch.bfloat16
    y = leaf(3, 4)
    learner.softmax(y.T).pow(2).sum().backward()
    z = y.detach().clone().requires_grad_()
    z.T.softmax(-1).pow(2).sum().backward()
    assert torch.allclose(y.grad, z.grad)
    base = leaf(3, 1)
    learner.softmax(base.expand(3, 4)).pow(2).sum().backward()
    assert base.grad.shape == (3, 1)
