"""What stands for what on the two sides of the wall: handles, callbacks, leaves of a graph."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

from llmex.grader.handles import Handle, Placed, Target, Thing, Wall
from llmex.grader.records import Names
from llmex.grader.worker.nodes import FOREIGN
from llmex.grader.worker.objects import CALLBACK, HANDLE, ITERATOR, PLACED
from llmex.grader.worker.operators import next_of
from llmex.grader.worker.wire import WireError


class Crossing:
    """Objects of one check that cross as numbers, in both directions."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall
        self.names = Names()
        self.leaves: dict[int, Any] = {}
        self.things: weakref.WeakValueDictionary[int, Thing] = weakref.WeakValueDictionary()
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._numbers: dict[int, int] = {}

    def node(self, value: Any) -> list[Any]:
        """The node of something that has no form of its own on the wire."""
        if isinstance(value, Thing):
            return [FOREIGN, HANDLE, value._checked()]
        if isinstance(value, Target):
            return [FOREIGN, HANDLE, self._wall.hold(value)._checked()]
        if callable(value):
            return [FOREIGN, CALLBACK, *self._callback(value, value)]
        if hasattr(type(value), "__next__"):
            return [FOREIGN, ITERATOR, *self._callback(value, lambda: next_of(value))]
        raise TypeError(f"a {type(value).__name__} cannot cross to the answer")

    def _callback(self, value: Any, function: Callable[..., Any]) -> tuple[int, str]:
        number = self._numbers.setdefault(id(value), len(self._numbers) + 1)
        self._callbacks[number] = function
        name = str(getattr(value, "__name__", type(value).__name__))
        self.names.callback(number, name, function is not value)
        return number, name

    def callback(self, number: int) -> Callable[..., Any]:
        """The suite's function with that number."""
        return self._callbacks[number]

    def of(self, node: list[Any]) -> Any:
        """What a node of the worker's stands for here."""
        kind, number = node[0], node[1]
        if type(number) is not int:
            raise WireError("a number that is none")
        if kind == CALLBACK:
            return self._callbacks[number]
        known = self.things.get(number)
        if kind == PLACED:
            return Placed(self._wall, number) if known is None else known
        if kind != HANDLE:
            raise WireError("an object of an unknown kind")
        if known is None:
            known = self.things[number] = Handle(self._wall, number, str(node[2]))
            self.names.handle(number, str(node[2]))
        return known

    def place(self, number: int, value: Any, parameter: bool = False) -> Placed:
        """The proxy of a value that was just placed."""
        self.names.placed(number, value, parameter)
        made = Placed(self._wall, number)
        self.things[number] = made
        return made

    def leaf(self, number: int, tensor: Any) -> list[Any]:
        """What goes along with a tensor that requires grad: a number for it."""
        self.leaves[number] = tensor
        return [number]

    def forget(self, numbers: list[int]) -> None:
        """Tensors that nothing in the worker stands for any more."""
        for number in numbers:
            self.leaves.pop(number, None)


def fits(verb: str, value: Any) -> bool:
    """Whether a worker's own code can have given this for that verb: no answer's value is in it."""
    if verb == "shapes":
        return type(value) is dict and all(map(_is_shape, value, value.values()))
    if verb == "place":
        return type(value) is int
    return verb != "pull_back" or type(value) is list


def _is_shape(name: Any, shape: Any) -> bool:
    sizes = type(shape) is tuple and all(type(size) is int for size in shape)
    return type(name) is str and sizes
