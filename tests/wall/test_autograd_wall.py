"""Gradients across the wall: first order, through functions, modules and objects that remember."""

from __future__ import annotations

import gc
from typing import Any

import pytest
import torch

from llmex.grader.answers import AnswerRaised
from llmex.grader.differentiate import GradientLost

ANSWER = """
    import torch
    from torch import nn, Tensor

    def softmax(x, dim=-1):
        e = (x - x.amax(dim, keepdim=True)).exp()
        return e / e.sum(dim, keepdim=True)
    def weighted(params, x): return params["w"] * x + params["more"][0].sum()
    def split(x): return x * 2, x.detach() * 3, (x > 0), {"square": x ** 2}
    def identity(x): return x
    def none(x): return None
    def constant(x): return torch.ones(2)
    def add_(x, w):
        x.add_(w)
        return x
    def attention(q, k, v):
        w = softmax(q @ k.mT / q.shape[-1] ** 0.5)
        return w @ v, w
    def views(x): return x[0], x.T, x

    class Clipped(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x.clamp(0)
        @staticmethod
        def backward(ctx, g): return torch.full_like(g, 7)
    def clipped(x): return Clipped.apply(x)
    class Broken(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x * 1
        @staticmethod
        def backward(ctx, g): raise ValueError("no gradient")
    def broken(x): return Broken.apply(x)

    class LayerNorm(nn.Module):
        def __init__(self, d):
            super().__init__()
            self.weight = nn.Parameter(torch.ones(d))
            self.bias = nn.Parameter(torch.zeros(d))
        def forward(self, x):
            c = x - x.mean(-1, keepdim=True)
            return c * (c.pow(2).mean(-1, keepdim=True) + 1e-5).rsqrt() * self.weight + self.bias
    class Outer(nn.Module):
        def __init__(self, d):
            super().__init__()
            self.inner = LayerNorm(d)
        def forward(self, x): return self.inner(x) * 2

    class Cache:
        def __init__(self): self.items = []
        def push(self, x): self.items.append(x * 2); return self
        def total(self): return torch.stack(self.items).sum(0)
        @property
        def last(self): return self.items[-1]

    def grad_of(x):
        leaf = x.detach().clone().requires_grad_()
        softmax(leaf).pow(2).sum().backward()
        return leaf.grad
    def uses_grad_mode(x): return torch.is_grad_enabled(), (x * 2).requires_grad
    def free_count():
        import gc
        gc.collect()
        return sum(isinstance(o, Tensor) and o.numel() == 54321 for o in gc.get_objects())
    def big(x): return x * 2 + 1
"""


@pytest.fixture
def learner(seat: Any) -> Any:
    """Functions and modules whose gradients are looked at."""
    return seat(ANSWER)


def leaf(*shape: int, seed: int = 0) -> torch.Tensor:
    """A random float64 tensor that requires grad."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()


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
