"""Autograd's half of the wall that lies in the judge: one node a call, whose backward asks."""

from __future__ import annotations

import functools
import sys
from typing import Any

from llmex.grader.handles import Wall

SECOND_ORDER = (
    "the gradient of an answer's result cannot be differentiated again: "
    "across the wall gradients are of first order (no create_graph=True)"
)
NO_SHARE = "this result of the answer depends on no tensor of the suite that requires grad"


def connect(link: Wall, graph: int, inputs: list[Any], outputs: list[Any]) -> None:
    """Make `outputs`, which just arrived, depend on `inputs` by a node that asks the worker."""
    torch = sys.modules["torch"]
    given = inputs or [torch.zeros((), requires_grad=True)]
    _across().apply(_Graph(link, graph, bool(inputs)), outputs, *given)


class _Graph:
    """The worker's graph of one call; when this record dies, the worker may forget the graph."""

    def __init__(self, link: Wall, number: int, has_inputs: bool) -> None:
        self.link, self.number, self.age = link, number, link.age
        self.has_inputs = has_inputs

    def pull_back(self, needed: list[bool], cotangents: tuple[Any, ...]) -> list[Any]:
        """The vector-Jacobian product, by the worker."""
        if not self.has_inputs:
            raise RuntimeError(NO_SHARE)
        if self.age != self.link.age:
            raise RuntimeError("a gradient from an earlier check: the worker has dropped its graph")
        head = [self.number, needed]
        found: list[Any] = self.link.ask("pull_back", head, cotangents, "backward")
        return found

    def __del__(self) -> None:
        if self.age == self.link.age:
            self.link.dropped.append(-self.number)


@functools.cache
def _across() -> Any:
    torch = sys.modules["torch"]

    class Across(torch.autograd.Function):  # type: ignore[misc, name-defined]
        """Results of one call of the answer, as a function of the suite's tensors."""

        @staticmethod
        def forward(ctx: Any, graph: _Graph, outputs: list[Any], *_: Any) -> tuple[Any, ...]:
            """The results themselves: they have been computed in the worker."""
            ctx.graph = graph
            ctx.set_materialize_grads(False)
            return tuple(outputs)

        @staticmethod
        def backward(ctx: Any, *cotangents: Any) -> tuple[Any, ...]:
            """Ask the worker; refuse to be differentiated rather than give zeros."""
            if torch.is_grad_enabled():
                raise RuntimeError(SECOND_ORDER)
            needed = list(ctx.needs_input_grad[2:])
            return None, None, *ctx.graph.pull_back(needed, cotangents)

    return Across
