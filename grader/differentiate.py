"""Autograd's half of the wall that lies in the judge: one node a call, whose backward asks."""

from __future__ import annotations

import functools
import sys
from typing import Any

from llmex.grader.handles import Wall
from llmex.grader.report import Counterexample, Sentence
from llmex.grader.trace import LearnerFault

SECOND_ORDER = (
    "the gradient of an answer's result cannot be differentiated again: "
    "across the wall gradients are of first order (no create_graph=True)"
)
NO_GRADIENT = "No gradient gets through: for autograd the result does not depend on the input."
NO_PART = "No gradient reaches one of the inputs: for autograd the result does not depend on it."
LOST = (
    "Autograd loses sight of a value at `.detach()`, `.data`, `.item()`, `.numpy()`, "
    "`torch.no_grad()`, and where `torch.tensor(...)` copies it."
)
# What torch says of it: texts that have stayed since its first versions.
_NONE_AT_ALL = "does not require grad and does not have a grad_fn"
_NOT_ALL = "appears to not have been used in the graph"


class GradientLost(LearnerFault):
    """A gradient that a check asks for does not exist: the answer has cut the graph."""

    def __init__(self, finding: Sentence) -> None:
        super().__init__(finding)
        self.counterexample_parts = Counterexample(finding=finding, help=Sentence(LOST))


def lost_gradient(error: BaseException) -> GradientLost | None:
    """What an error of torch in a suite says of the answer; None where it says nothing.

    A suite that differentiates the solution's result can differentiate every right answer's.
    """
    if type(error) is not RuntimeError:
        return None
    text = str(error)
    if _NONE_AT_ALL in text:
        return GradientLost(Sentence(NO_GRADIENT))
    return GradientLost(Sentence(NO_PART)) if _NOT_ALL in text else None


def connect(link: Wall, graph: int, inputs: list[Any], outputs: list[Any]) -> None:
    """Make `outputs`, which just arrived, depend on `inputs` by a node that asks the worker."""
    torch = sys.modules["torch"]
    given = inputs or [torch.zeros((), requires_grad=True)]
    _across().apply(_Graph(link, graph, inputs), outputs, *given)


class _Graph:
    """The worker's graph of one call; when this record dies, the worker may forget the graph."""

    def __init__(self, link: Wall, number: int, inputs: list[Any]) -> None:
        self.link, self.number, self.age = link, number, link.age
        self.shapes = [tuple(tensor.shape) for tensor in inputs]

    def pull_back(self, needed: list[bool], cotangents: tuple[Any, ...]) -> list[Any]:
        """The vector-Jacobian product, by the worker."""
        if not self.shapes:
            raise GradientLost(Sentence(NO_GRADIENT))
        if self.age != self.link.age:
            raise RuntimeError("a gradient from an earlier check: the worker has dropped its graph")
        head = [self.number, needed]
        found: list[Any] = self.link.ask("pull_back", head, cotangents, "backward")
        shapes = [getattr(value, "shape", None) for value in found]
        if len(shapes) != len(self.shapes) or any(
            value is not None and shape != wanted
            for value, shape, wanted in zip(found, shapes, self.shapes, strict=True)
        ):
            self.link.broken("backward")
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
