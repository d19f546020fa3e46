"""Autograd's half of the wall that lies in the worker: graphs kept for the judge's backward."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterable
from typing import Any

_TAG = "_llmex_leaf"


class _Tag:
    """Marks the one tensor that stands for a tensor of the judge; copies of it do not count."""

    __slots__ = ("__weakref__", "number", "owner")

    def __init__(self, number: int, owner: int) -> None:
        self.number, self.owner = number, owner


class Graphs:
    """Leaves that stand for the judge's tensors, and the results that depend on them."""

    def __init__(self) -> None:
        self._graphs: dict[int, tuple[list[Any], list[Any]]] = {}
        self._pending: list[Any] = []
        self._refs: dict[int, weakref.ref[_Tag]] = {}
        self._dead: list[int] = []
        self._next = 1

    def leaf(self, tensor: Any, traced: Any) -> Any:
        """Let an argument that just arrived stand for the judge's tensor numbered `traced[0]`."""
        self.tag(tensor.requires_grad_(), int(traced[0]))
        return tensor

    def tag(self, tensor: Any, number: int) -> None:
        """Let a tensor of the worker (an argument, a parameter) stand for one of the judge's."""
        tag = _Tag(number, id(tensor))
        setattr(tensor, _TAG, tag)
        self._refs[number] = weakref.ref(tag, lambda _: self._bury(number))

    def _bury(self, number: int) -> None:
        self._refs.pop(number, None)
        self._dead.append(number)

    def output(self, tensor: Any) -> list[Any] | None:
        """A result that requires grad: its place among the outputs; None for a leaf of our own."""
        if tensor.is_leaf and _number(tensor) is None:
            return None
        self._pending.append(tensor)
        return [len(self._pending) - 1]

    def close(self) -> list[Any] | None:
        """`[graph, numbers of the judge's tensors it depends on]` of the outputs, if any."""
        outputs, self._pending = self._pending, []
        if not outputs:
            return None
        inputs = {number: leaf for leaf, number in _leaves_below(outputs)}
        graph, self._next = self._next, self._next + 1
        self._graphs[graph] = (outputs, [inputs[number] for number in sorted(inputs)])
        return [graph, sorted(inputs)]

    def dead(self) -> list[int]:
        """The judge's tensors that nothing here stands for any more, since the last call."""
        dead, self._dead = self._dead, []
        return dead

    def pull_back(self, graph: int, cotangents: list[Any], needed: list[bool]) -> list[Any]:
        """The vector-Jacobian product for each input of a graph; None where it has no share."""
        torch = sys.modules["torch"]
        outputs, inputs = self._graphs[graph]
        pairs = [(o, c) for o, c in zip(outputs, cotangents, strict=True) if c is not None]
        wanted = [leaf for leaf, need in zip(inputs, needed, strict=True) if need]
        if not pairs or not wanted:
            return [None] * len(inputs)
        found = iter(
            torch.autograd.grad(
                [output for output, _ in pairs],
                wanted,
                [cotangent for _, cotangent in pairs],
                retain_graph=True,
                allow_unused=True,
            )
        )
        return [next(found) if need else None for need in needed]

    def free(self, graphs: Iterable[int]) -> None:
        """Forget graphs whose node in the judge is gone."""
        for graph in graphs:
            self._graphs.pop(graph, None)

    def forget_pending(self) -> None:
        """Drop the outputs of a result that did not get out."""
        self._pending = []

    def clear(self) -> None:
        """Forget every graph, at the start of a check."""
        self._graphs.clear()
        self._pending = []
        self._refs.clear()
        self._dead = []


def _number(tensor: Any) -> int | None:
    tag = getattr(tensor, _TAG, None)
    return tag.number if type(tag) is _Tag and tag.owner == id(tensor) else None


def _leaves_below(outputs: list[Any]) -> Iterable[tuple[Any, int]]:
    """The leaves on which outputs depend that stand for a tensor of the judge."""
    nodes = []
    for output in outputs:
        number = _number(output)
        if output.is_leaf and number is not None:
            yield output, number
        elif output.grad_fn is not None:
            nodes.append(output.grad_fn)
    seen = set(nodes)
    while nodes:
        node = nodes.pop()
        leaf = getattr(node, "variable", None)
        if leaf is not None:
            number = _number(leaf)
            if number is not None:
                yield leaf, number
        for below, _ in node.next_functions:
            if below is not None and below not in seen:
                seen.add(below)
                nodes.append(below)
