"""What stays in the worker, by number, and the judge's functions as the worker sees them."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable
from typing import Any

from llmex.grader.worker.nodes import FOREIGN
from llmex.grader.worker.wire import WireError

HANDLE, PLACED, CALLBACK, ITERATOR = "hpci"
_ROUTINES = (
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    types.MethodWrapperType,
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
)


class Misread(WireError):
    """What the judge sent makes no sense here: no doing of the answer's."""


def is_routine(value: Any) -> bool:
    """Whether a value is a function or a bound method, and nothing more."""
    return type(value) in _ROUTINES


class JudgeFunction:
    """A function of the judge: calling it sends the values over and waits for the answer."""

    def __init__(self, ask: Callable[..., Any], number: int, name: str) -> None:
        self.__name__ = self.__qualname__ = name
        self._ask, self._number = ask, number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What the judge's function returns for these values."""
        return self._ask(self._number, args, kwargs)


class JudgeIterator(JudgeFunction):
    """An iterator of the judge: every item is asked for only when it is needed."""

    def __iter__(self) -> JudgeIterator:
        return self

    def __next__(self) -> Any:
        found = self._ask(self._number, (), {})
        if not found:
            raise StopIteration
        return found[0]


class Objects:
    """The objects that the judge refers to by number, and the judge's that are known here."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask
        self._held: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._placed: set[int] = set()
        self._theirs: dict[int, JudgeFunction] = {}
        self._next = 1

    def hold(self, value: Any, placed: bool = False) -> int:
        """The number of an object that stays here; the same object has the same number."""
        number = self._numbers.get(id(value))
        if number is None:
            number, self._next = self._next, self._next + 1
            self._held[number] = value
            self._numbers[id(value)] = number
        if placed:
            self._placed.add(number)
        return number

    def held(self, number: int) -> Any:
        """The object with that number; Misread if the judge has dropped it."""
        if number not in self._held:
            raise Misread("an object that was dropped")
        return self._held[number]

    def node(self, value: Any) -> list[Any]:
        """The node of an object that stays here, or of a function of the judge."""
        if isinstance(value, JudgeFunction):
            return [FOREIGN, CALLBACK, value._number, value.__name__]
        return [FOREIGN, HANDLE, self.hold(value), kind_of(value), is_routine(value)]

    @property
    def placing(self) -> Callable[[Any], list[Any] | None] | None:
        """What gives the node of an object that the judge has placed; None if it placed none."""
        return self._placed_node if self._placed else None

    def _placed_node(self, value: Any) -> list[Any] | None:
        number = self._numbers.get(id(value))
        return [FOREIGN, PLACED, number] if number in self._placed else None

    def given(self, value: Any) -> list[Any]:
        """The node by which the judge gave this object."""
        if isinstance(value, JudgeIterator):
            return [FOREIGN, ITERATOR, value._number, value.__name__]
        if isinstance(value, JudgeFunction):
            return [FOREIGN, CALLBACK, value._number, value.__name__]
        number = self._numbers.get(id(value))
        if number is None:
            raise WireError("not an object of the judge's")
        return [FOREIGN, HANDLE, number]

    def of(self, node: list[Any]) -> Any:
        """The object that a node of the judge's stands for."""
        if node[0] == HANDLE:
            return self.held(node[1])
        kind, number, name = node
        if number not in self._theirs:
            made = JudgeIterator if kind == ITERATOR else JudgeFunction
            self._theirs[number] = made(self._ask, number, name)
        return self._theirs[number]

    def free(self, numbers: Iterable[int]) -> None:
        """Forget objects that the judge has dropped."""
        for number in numbers:
            if number in self._held:
                del self._numbers[id(self._held.pop(number))]
                self._placed.discard(number)

    def clear(self) -> None:
        """Forget everything, at the start of a check."""
        self._held.clear()
        self._numbers.clear()
        self._placed.clear()
        self._theirs.clear()


def kind_of(value: Any) -> str:
    """The name of an object's class."""
    return str(type(value).__name__)[:100]
