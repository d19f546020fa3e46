"""Autograd's half of the wall that lies in the worker: graphs kept for the judge's backward."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

_TAG = "_llmex_leaf"


class _Tag:
    """Marks the one tensor that stands for a tensor of the judge; copies of it do not count.

    For a parameter that was loaded, `value` and `version` are those that it had then.
    """

    __slots__ = ("__weakref__", "number", "owner", "value", "version")

    def __init__(self, number: int, tensor: Any, loaded: bool) -> None:
        self.number, self.owner = number, id(tensor)
        self.value = tensor.detach().clone() if loaded else None
        self.version = tensor._version


class Graphs:
    """Leaves that stand for the judge's tensors, and the results that depend on them."""

    def __init__(self) -> None:
        self._graphs: dict[int, tuple[list[Any], list[Any], list[_Tag]]] = {}
        self._pending: list[Any] = []
        self._refs: dict[int, weakref.ref[_Tag]] = {}
        self._dead: list[int] = []
        self._next = 1

    def leaf(self, tensor: Any, traced: Any) -> Any:
        """Let an argument that just arrived stand for the judge's tensor numbered `traced[0]`."""
        self.tag(tensor.requires_grad_(), int(traced[0]))
        return tensor

    def tag(self, tensor: Any, number: int, loaded: bool = False) -> None:
        """Let a tensor of the worker (an argument, a parameter) stand for one of the judge's.

        With number 0 it stands for none any more.
        """
        if not number and _tag(tensor) is None:
            return
        tag = _Tag(number, tensor, loaded)
        setattr(tensor, _TAG, tag)
        if number:
            self._refs[number] = weakref.ref(tag, lambda _: self._bury(number))

    def _bury(self, number: int) -> None:
        self._refs.pop(number, None)
        self._dead.append(number)

    def output(self, tensor: Any) -> list[Any] | None:
        """A result that requires grad: its place among the outputs; None for a leaf of our own."""
        if tensor.is_leaf and not _stands_for_one(tensor):
            return None
        self._pending.append(tensor)
        return [len(self._pending) - 1]

    def close(self) -> list[Any] | None:
        """`[graph, numbers of the judge's tensors it depends on]` of the outputs, if any."""
        outputs, self._pending = self._pending, []
        if not outputs:
            return None
        found = {tag.number: (leaf, tag) for leaf, tag in _leaves_below(outputs)}
        inputs = [found[number] for number in sorted(found)]
        graph, self._next = self._next, self._next + 1
        self._graphs[graph] = (outputs, [leaf for leaf, _ in inputs], [tag for _, tag in inputs])
        return [graph, sorted(found)]

    def dead(self) -> list[int]:
        """The judge's tensors that nothing here stands for any more, since the last call."""
        dead, self._dead = self._dead, []
        return dead

    def pull_back(self, graph: int, cotangents: list[Any], needed: list[bool]) -> list[Any]:
        """The vector-Jacobian product for each input of a graph; None where it has no share."""
        torch = sys.modules["torch"]
        outputs, inputs, tags = self._graphs[graph]
        pairs = [(o, c) for o, c in zip(outputs, cotangents, strict=True) if c is not None]
        wanted = [leaf for leaf, need in zip(inputs, needed, strict=True) if need]
        if not pairs or not wanted:
            return [None] * len(inputs)
        with _as_they_were(inputs, tags):
            found = torch.autograd.grad(
                [output for output, _ in pairs],
                wanted,
                [cotangent for _, cotangent in pairs],
                retain_graph=True,
                allow_unused=True,
            )
        left = iter(found)
        return [next(left) if need else None for need in needed]

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


def _tag(tensor: Any) -> _Tag | None:
    tag = getattr(tensor, _TAG, None)
    return tag if type(tag) is _Tag and tag.owner == id(tensor) else None


def _stands_for_one(tensor: Any) -> _Tag | None:
    tag = _tag(tensor)
    return tag if tag is not None and tag.number else None


def _leaves_below(outputs: list[Any]) -> Iterator[tuple[Any, _Tag]]:
    """The leaves on which outputs depend that stand for a tensor of the judge."""
    nodes = []
    for output in outputs:
        if output.is_leaf and (tag := _stands_for_one(output)):
            yield output, tag
        elif output.grad_fn is not None:
            nodes.append(output.grad_fn)
    seen = set(nodes)
    while nodes:
        node = nodes.pop()
        leaf = getattr(node, "variable", None)
        if leaf is not None and (tag := _stands_for_one(leaf)):
            yield leaf, tag
        for below, _ in node.next_functions:
            if below is not None and below not in seen:
                seen.add(below)
                nodes.append(below)


@contextmanager
def _as_they_were(leaves: list[Any], tags: list[_Tag]) -> Iterator[None]:
    """While a graph is differentiated its parameters have the values that it was made with.

    A suite may load other values before it calls backward, as gradcheck does; what the answer
    itself has changed in the meantime stays, and is torch's to complain about.
    """
    moved = []
    for leaf, tag in zip(leaves, tags, strict=True):
        now = _tag(leaf)
        if now is not None and now is not tag and leaf._version == now.version:
            moved.append((leaf, now))
            _set(leaf, tag)
    try:
        yield
    finally:
        for leaf, tag in moved:
            _set(leaf, tag)


def _set(leaf: Any, tag: _Tag) -> None:
    torch = sys.modules["torch"]
    with torch.no_grad():
        leaf.copy_(tag.value)
    try:
        torch._C._autograd._unsafe_set_version_counter((leaf,), (tag.version,))
    except TypeError:  # before torch 2.7 it took one tensor
        torch._C._autograd._unsafe_set_version_counter(leaf, tag.version)
