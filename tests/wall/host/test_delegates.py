"""An operator that an exercise forbids is seen however it is called."""

from __future__ import annotations

from typing import Any

import pytest

DELEGATES = """
    import torch
    import torch.nn.functional as F
    from torch import nn, softmax as sm
    class M(nn.Module):
        def __init__(self):
            super().__init__()
            self.s = nn.Softmax(-1)
        def forward(self, x): return self.s(x)
    def alias(x): return sm(x, -1)
    def method(x): return x.softmax(-1)
    def hidden(x): return getattr(torch, "soft" + "max")(x, dim=-1)
    def functional(x): return F.softmax(x, -1)
    def module(x): return M()(x)
    def linear(x): return nn.Linear(3, 3)(x).shape[0]
    def inner(x): return helper(x)
    def helper(x): return torch.logsumexp(x, -1)
    def aten(x): return torch.ops.aten.softmax(x, -1)
    def free(x): return x.exp() / x.exp().sum(-1, keepdim=True)
"""


@pytest.mark.parametrize(
    ("call", "forbids", "seen"),
    [
        ("alias", ["torch.softmax"], {"torch.softmax"}),
        ("method", ["torch.Tensor.softmax"], {"torch.Tensor.softmax"}),
        ("hidden", ["torch.softmax"], {"torch.softmax"}),
        ("functional", ["torch.nn.functional.softmax"], {"torch.nn.functional.softmax"}),
        ("module", ["torch.nn.functional.softmax"], {"torch.nn.functional.softmax"}),
        ("module", ["torch.Tensor.softmax"], {"torch.Tensor.softmax"}),
        ("module", ["torch.nn.Softmax"], {"torch.nn.Softmax"}),
        ("linear", ["torch.nn.Linear"], {"torch.nn.Linear"}),
        ("linear", ["torch.nn.functional.linear"], {"torch.nn.functional.linear"}),
        ("aten", ["torch.ops.aten.softmax"], {"torch.ops.aten.softmax"}),
        ("helper", [{"in": "inner", "names": ["torch.logsumexp"]}], set()),
        ("inner", [{"in": "inner", "names": ["torch.logsumexp"]}], {"torch.logsumexp"}),
        ("free", ["torch.softmax", "torch.nn.Linear", "torch.no.such", "tiktoken"], set()),
    ],
)
def test_forbidden_operators_are_seen_however_they_are_called(
    seat: Any, call: str, forbids: list[Any], seen: set[str]
) -> None:
    """Aliases, getattr, methods, modules and calls from inside torch are on the record."""
    import torch

    learner = seat(DELEGATES, forbids=tuple(forbids))
    getattr(learner, call)(torch.ones(2, 3))
    assert learner._link.worker.delegated == seen


def test_the_judges_own_gradient_is_no_delegation(seat: Any) -> None:
    """A suite that differentiates does not make the answer call autograd; a backward can."""
    import torch

    source = """
        import torch
        def f(x): return x * 2
        class F(torch.autograd.Function):
            @staticmethod
            def forward(ctx, x): return x * 1
            @staticmethod
            def backward(ctx, g): return torch.softmax(g, -1)
        g = F.apply
    """
    learner = seat(source, forbids=("torch.autograd.grad", "torch.softmax"))
    x = torch.ones(2, requires_grad=True)
    learner.f(x).sum().backward()
    assert learner._link.worker.delegated == set()
    learner.g(x).sum().backward()
    assert learner._link.worker.delegated == {"torch.softmax"}


def test_an_imported_operator_is_delegation(seat: Any) -> None:
    """An answer that only imports the operator calls it all the same."""
    import torch

    learner = seat("from torch import softmax", forbids=("torch.softmax",))
    learner.softmax(torch.ones(2), -1)
    assert learner._link.worker.delegated == {"torch.softmax"}


def test_what_the_stage_calls_is_not_the_answers(seat: Any) -> None:
    """The exercise's own helpers may use what the answer may not."""
    import torch

    learner = seat("", stage="import torch\ndef f(x): return torch.softmax(x, -1)",
                   forbids=("torch.softmax",))  # fmt: skip
    learner.stage.f(torch.ones(2))
    assert learner._link.worker.delegated == set()
