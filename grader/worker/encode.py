"""Python values as nodes that msgpack can carry: exact types, capped, nothing ever pickled.

None, booleans, floats, strings, bytes and 64-bit integers are themselves. Everything else is a
list whose first item is its tag. A subclass crosses as its base type, read by the base type's own
methods. An object that occurs twice is sent once and then referred to by its number: containers,
arrays and generators are numbered in the order in which they are complete, on both sides alike.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from llmex.grader.worker import arrays, randomness
from llmex.grader.worker.nodes import (
    ARRAY,
    BUILTIN,
    BUILTINS,
    BYTEARRAY,
    COMPLEX,
    CONTAINERS,
    DEEPEST,
    DEVICE,
    DICT,
    ELLIPSIS,
    FLAT,
    INT,
    LONGEST_INT,
    MOST_NODES,
    NP_DTYPE,
    PLAIN,
    RANDOM,
    RANGE,
    REF,
    SCALAR,
    SLICE,
    TENSOR,
    TORCH_DTYPE,
)
from llmex.grader.worker.wire import Frame, WireError, pack

_OPEN = -1


class Encoder:
    """Turns the values of one message into nodes and buffers.

    `foreign` is asked for the node of what has no form of its own here; `known` are objects that
    the other end holds already, by their numbers; with `layout` arrays keep their strides;
    `leaves` says what goes along with a tensor that requires grad ([]: it crosses detached);
    `placed` gives the node of an object that the other end knows by number. `kept` lists the
    numbered objects.
    """

    __slots__ = (
        "_depth",
        "_foreign",
        "_layout",
        "_memo",
        "_nodes",
        "buffers",
        "kept",
        "leaves",
        "placed",
    )

    def __init__(
        self,
        foreign: Callable[[Any], list[Any]],
        known: Iterable[Any] = (),
        layout: bool = False,
        leaves: Callable[[Any], list[Any] | None] | None = None,
    ) -> None:
        self.buffers: list[Any] = []
        self.kept: list[Any] = list(known)
        self.leaves = leaves
        self.placed: Callable[[Any], list[Any] | None] | None = None
        self._memo = {id(value): number for number, value in enumerate(self.kept)}
        self._foreign = foreign
        self._layout = layout
        self._depth = 0
        self._nodes = 0

    def node(self, value: Any) -> Any:
        """The node of one value; WireError if it, or something in it, cannot cross."""
        kind = type(value)
        if kind in PLAIN:
            return value
        if kind is int:
            return value if -(1 << 63) <= value < 1 << 64 else _long(value)
        number = self._memo.get(id(value))
        if number is not None:
            if number == _OPEN:
                raise WireError("a container that holds itself cannot cross")
            return [REF, number]
        if self.placed is not None and (node := self.placed(value)) is not None:
            return node
        write = _WRITERS.get(kind) or _writer_of_base(kind)
        return self._foreign(value) if write is None else write(self, value)

    def frame(self, message: Any) -> Frame:
        """The frame of a message made of this encoder's nodes."""
        return Frame(pack(message), self.buffers)

    def keep(self, value: Any) -> None:
        """Give a value the next number."""
        self._memo[id(value)] = len(self.kept)
        self.kept.append(value)

    def again(self, value: Any) -> Any:
        """The node of a known value as it is now, not the number by which it is known."""
        self._memo.pop(id(value), None)
        return self.node(value)

    def nodes(self, owner: Any, items: Sequence[Any]) -> list[Any]:
        """The nodes of a container's items; `owner` is the container."""
        self._nodes += len(items)
        if self._nodes > MOST_NODES:
            raise WireError("too many values at a time")
        kinds = set(map(type, items))
        if kinds <= PLAIN or (kinds <= FLAT and not _has_long(items, kinds)):
            return list(items)
        self._depth += 1
        if self._depth > DEEPEST:
            raise WireError("a value that is nested too deeply")
        self._memo[id(owner)] = _OPEN
        nodes = [self.node(item) for item in items]
        self._depth -= 1
        return nodes

    def _write_list(self, value: Any) -> list[Any]:
        kind: Any = next(base for base in type(value).__mro__ if base in CONTAINERS)
        items = value if type(value) is kind else kind.__iter__(value)
        node = [CONTAINERS[kind], self.nodes(value, list(items))]
        self.keep(value)
        return node

    def _write_dict(self, value: Any) -> list[Any]:
        flat = [side for pair in dict.items(value) for side in pair]
        node = [DICT, self.nodes(value, flat)]
        self.keep(value)
        return node

    def _write_array(self, value: Any) -> list[Any]:
        node = arrays.array_node(value, self.buffers, self._layout)
        if node is None:
            return self._foreign(value)
        self.keep(value)
        return [ARRAY, *node]

    def _write_tensor(self, value: Any) -> list[Any]:
        node = arrays.tensor_node(value, self.buffers, self._layout)
        if node is None:
            return self._foreign(value)
        self.keep(value)
        traced = None
        if node[-1] & 1 and self.leaves is not None:
            traced = self.leaves(value)
            if not traced:
                node[-1] = 0 if traced is not None else node[-1]
        return [TENSOR, *node, traced or None]

    def _write_random(self, value: Any) -> list[Any]:
        state = randomness.state_of(value)
        if state is None:
            return self._foreign(value)
        node = [RANDOM, *[self._inner(part) for part in state]]
        self.keep(value)
        return node

    def _inner(self, value: Any) -> Any:
        """The node of a part that takes no number in the table that others see."""
        inner = Encoder(self._foreign)
        inner.buffers = self.buffers
        return inner.node(value)


def _long(value: int) -> list[Any]:
    size = (value.bit_length() >> 3) + 1
    if size > LONGEST_INT:
        raise WireError("an integer that is too long")
    return [INT, value.to_bytes(size, "little", signed=True)]


def _has_long(items: Sequence[Any], kinds: set[type]) -> bool:
    if kinds == {int}:
        return bool(min(items) < -(1 << 63) or max(items) >= 1 << 64)
    return any(type(item) is int and not -(1 << 63) <= item < 1 << 64 for item in items)


def _write_slice(encoder: Encoder, value: slice | range) -> list[Any]:
    ends = (value.start, value.stop, value.step)
    if any(type(end) is int and not -(1 << 63) <= end < 1 << 64 for end in ends):
        raise WireError("an integer that is too long")
    return [RANGE if type(value) is range else SLICE, *map(encoder.node, ends)]


def _write_type(encoder: Encoder, value: type) -> Any:
    name = BUILTINS.get(value)
    return encoder._foreign(value) if name is None else [BUILTIN, name]


def _write_scalar(encoder: Encoder, value: Any) -> Any:
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bytes):
        return bytes.__getitem__(value, slice(None))
    node = arrays.scalar_node(value)
    return encoder._foreign(value) if node is None else [SCALAR, *node]


def _write_dtype(encoder: Encoder, value: Any) -> Any:
    name = arrays.dtype_name(value)
    return encoder._foreign(value) if name is None else [NP_DTYPE, name]


def _write_bytearray(encoder: Encoder, value: Any) -> list[Any]:
    encoder.keep(value)
    return [BYTEARRAY, bytes(memoryview(value))]


_WRITERS: dict[Any, Callable[[Encoder, Any], Any]] = {
    list: Encoder._write_list,
    tuple: Encoder._write_list,
    set: Encoder._write_list,
    frozenset: Encoder._write_list,
    dict: Encoder._write_dict,
    complex: lambda _, value: [COMPLEX, value.real, value.imag],
    slice: _write_slice,
    range: _write_slice,
    type(...): lambda _, __: [ELLIPSIS],
    bytearray: _write_bytearray,
    type: _write_type,
    arrays.NDARRAY: Encoder._write_array,
    **dict.fromkeys(randomness.KINDS, Encoder._write_random),
}
# What a value of a subclass crosses as, and how its base's own methods read it: first match wins.
_BASES: tuple[tuple[Any, Callable[[Encoder, Any], Any]], ...] = (
    (arrays.NDARRAY, Encoder._write_array),
    (arrays.GENERIC, _write_scalar),
    (arrays.DTYPE, _write_dtype),
    (bool, lambda _, value: bool(value)),
    (int, lambda e, value: e.node(int.__add__(value, 0))),
    (float, lambda _, value: float.__pos__(value)),
    (complex, lambda _, value: [COMPLEX, *_parts(value)]),
    (str, lambda _, value: str.__str__(value)),
    (bytes, lambda _, value: bytes.__getitem__(value, slice(None))),
    (bytearray, _write_bytearray),
    (dict, Encoder._write_dict),
    *((kind, Encoder._write_list) for kind in CONTAINERS),
    (type, _write_type),
)


def _parts(value: complex) -> tuple[float, float]:
    exact = complex.__pos__(value)
    return exact.real, exact.imag


_unread: set[str] = set()


def without_tensors() -> None:
    """Let tensors stay where they are: the other end has no torch to read them with."""
    _unread.add("torch")


def _writer_of_base(kind: Any) -> Callable[[Encoder, Any], Any] | None:
    torch = None if _unread else sys.modules.get("torch")
    bases = type.__dict__["__mro__"].__get__(kind)
    if torch is not None:
        found = _torch_writer(torch, bases)
        if found is not None:
            if kind in (torch.Tensor, torch.nn.Parameter, torch.dtype, torch.Generator):
                _WRITERS[kind] = found
            return found
    return next((write for base, write in _BASES if base in bases), None)


def _torch_writer(torch: Any, bases: Any) -> Callable[[Encoder, Any], Any] | None:
    if torch.Tensor in bases:
        return Encoder._write_tensor
    if torch.Generator in bases:
        return Encoder._write_random
    if torch.dtype in bases:
        return lambda _, value: [TORCH_DTYPE, str(value).removeprefix("torch.")]
    if torch.device in bases:
        return lambda _, value: [DEVICE, str(value)]
    return None


def dumps(value: Any) -> Frame:
    """One value as a frame, where nothing in it needs the other end's help."""
    encoder = Encoder(_refuse)
    return encoder.frame(encoder.node(value))


def _refuse(value: Any) -> Any:
    raise WireError(f"a {type(value).__name__} cannot cross by value")
