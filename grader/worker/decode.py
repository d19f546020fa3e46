"""Nodes back into Python values: every field is checked, and what is malformed is refused."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
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
    FOREIGN,
    INT,
    LONGEST_INT,
    MOST_NODES,
    NP_DTYPE,
    RANDOM,
    RANGE,
    REF,
    SCALAR,
    SLICE,
    TENSOR,
    TORCH_DTYPE,
)
from llmex.grader.worker.wire import Frame, WireError, unpack

_MAKE: dict[Any, Callable[[list[Any]], Any]] = {tag: kind for kind, tag in CONTAINERS.items()}
_PER_UNIT = 16  # bytes of an array that count as much as a value
# Keys and members can be chosen to be slow to tell apart: so many seconds a message, and a
# little more for each of them. Of a few it is not asked.
_LONGEST_S, _EACH_S, _AT_ONCE, _FEW = 0.2, 1e-6, 200, 16
_BY_NAME = {name: kind for kind, name in BUILTINS.items()}


class Decoder:
    """Turns the nodes of one message back into values.

    `foreign` gives the object of a node that only the two ends understand; `known` are objects
    that the message may refer to by number; `graph` is asked about a tensor that belongs to a
    graph of the other end; with `copy` the frame's buffers stay as they are. `kept` lists all
    numbered objects. Anything malformed is a WireError.
    """

    __slots__ = (
        "_buffers",
        "_copy",
        "_depth",
        "_foreign",
        "_left",
        "_seconds",
        "_sizes",
        "_used",
        "graph",
        "kept",
    )

    def __init__(
        self,
        frame: Frame,
        foreign: Callable[[list[Any]], Any],
        known: Iterable[Any] = (),
        graph: Callable[[Any, Any], Any] | None = None,
        copy: bool = False,
    ) -> None:
        self.kept: list[Any] = list(known)
        # How many values each of them is when it is written out: what is sent once may be
        # referred to again and again, and whoever walks over it walks over all of that.
        self._sizes = [_size_of(value) for value in self.kept]
        self.graph = graph
        self._copy = copy
        self._buffers = frame.buffers
        self._foreign = foreign
        self._used = 0
        self._depth = 0
        self._left = MOST_NODES
        self._seconds = _LONGEST_S

    def value(self, node: Any) -> Any:
        """The value of one node."""
        if type(node) is not list:
            if type(node) in FLAT:
                return node
            raise WireError("a node of an unknown kind")
        try:
            read = _READERS[node[0]]
            self._depth += 1
            if self._depth > DEEPEST + 2:
                raise WireError("a value that is nested too deeply")
            value = read(self, node)
            self._depth -= 1
        except WireError:
            raise
        except Exception as error:  # a wrong field, whatever it broke
            raise WireError(f"a malformed node: {type(error).__name__}") from None
        return value

    def values(self, nodes: Any) -> list[Any]:
        """The values of a list of nodes."""
        if type(nodes) is not list:
            raise WireError("a node list that is none")
        self._take(len(nodes))
        if FLAT.issuperset(map(type, nodes)):
            return nodes
        return [self.value(node) if type(node) is list else node for node in nodes]

    def buffer(self, number: Any) -> Any:
        """The buffer with this number; each is used once, in order."""
        if type(number) is not int or number != self._used or number >= len(self._buffers):
            raise WireError("a buffer out of order")
        self._used += 1
        found = self._buffers[number]
        return found.copy() if self._copy else found

    def _keep(self, value: Any, size: int | None = None) -> Any:
        if size is None:
            size = _size_of(value)
            self._take(size - 1)
        self.kept.append(value)
        self._sizes.append(size)
        return value

    def _take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise WireError("too many values at a time")

    def _members(self, values: Sequence[Any]) -> set[Any]:
        """The set of hashable values; refused where they are chosen to be slow to tell apart."""
        if len(values) <= _FEW:
            return set(values)
        made: set[Any] = set()
        self._seconds += len(values) * _EACH_S
        for at in range(0, len(values), _AT_ONCE):
            started = time.thread_time()
            made.update(values[at : at + _AT_ONCE])
            self._seconds -= time.thread_time() - started
            if self._seconds < 0:
                raise WireError("values that take too long to tell apart")
        return made

    def _read_container(self, node: list[Any]) -> Any:
        tag, items = node
        before = self._left
        values = self.values(items)
        make: Callable[[Any], Any] = _MAKE[tag]
        made = make(values) if make in (list, tuple) else make(self._members(values))
        return self._keep(made, before - self._left + 1)

    def _read_dict(self, node: list[Any]) -> Any:
        before = self._left
        flat = self.values(node[1])
        if len(flat) % 2:
            raise WireError("a key without a value")
        self._members(flat[::2])
        return self._keep(dict(zip(flat[::2], flat[1::2], strict=True)), before - self._left + 1)

    def _read_array(self, node: list[Any]) -> Any:
        return self._keep(arrays.array_of(node[1:], self.buffer))

    def _read_tensor(self, node: list[Any]) -> Any:
        *fields, traced = node[1:]
        value = arrays.tensor_of(fields, self.buffer)
        if traced is not None:
            if self.graph is None:
                raise WireError("a graph where none was asked for")
            value = self.graph(value, traced)
        return self._keep(value)

    def _read_random(self, node: list[Any]) -> Any:
        # Nothing of the other end's in it: what answers for itself may answer twice in two ways.
        inner = Decoder(Frame(b"", ()), _refuse)
        inner._left, inner._seconds = self._left, self._seconds
        state = inner.values(node[1:])
        self._left, self._seconds = inner._left, inner._seconds
        return self._keep(randomness.of_state(state))

    def _read_ref(self, node: list[Any]) -> Any:
        number = node[1]
        if type(number) is not int or not 0 <= number < len(self.kept):
            raise WireError("a reference to nothing")
        self._take(self._sizes[number])
        return self.kept[number]

    def _ends(self, nodes: Any) -> list[Any]:
        """The ends and the step of a range or slice: integers that can be written down."""
        if any(type(node) is list and node and node[0] == INT for node in nodes):
            raise WireError("an integer that is too long")
        return self.values(nodes)

    def _read_int(self, node: list[Any]) -> int:
        if len(node[1]) > LONGEST_INT:
            raise WireError("an integer that is too long")
        return int.from_bytes(_bytes(node[1]), "little", signed=True)


_READERS: Mapping[Any, Callable[[Decoder, list[Any]], Any]] = {
    REF: Decoder._read_ref,
    INT: Decoder._read_int,
    COMPLEX: lambda _, node: complex(node[1], node[2]),
    **dict.fromkeys(_MAKE, Decoder._read_container),
    DICT: Decoder._read_dict,
    SLICE: lambda d, node: slice(*d._ends(node[1:])),
    ELLIPSIS: lambda _, __: ...,
    RANGE: lambda d, node: range(*d._ends(node[1:])),
    NP_DTYPE: lambda _, node: arrays.dtype_of(node[1]),
    TORCH_DTYPE: lambda _, node: arrays.torch_dtype_of(node[1]),
    ARRAY: Decoder._read_array,
    SCALAR: lambda _, node: arrays.scalar_of(*node[1:]),
    TENSOR: Decoder._read_tensor,
    RANDOM: Decoder._read_random,
    BUILTIN: lambda _, node: _BY_NAME[node[1]],
    DEVICE: lambda _, node: arrays.device_of(node[1]),
    FOREIGN: lambda d, node: d._foreign(node[1:]),
    BYTEARRAY: lambda d, node: d._keep(bytearray(_bytes(node[1]))),
}


def _bytes(field: Any) -> bytes:
    """A field that is bytes: of a number Python would make as many zeros."""
    if type(field) is not bytes:
        raise WireError("bytes that are none")
    return field


def _size_of(value: Any) -> int:
    bytes_ = getattr(value, "nbytes", 0)
    return 1 + (bytes_ // _PER_UNIT if type(bytes_) is int else 0)


def loads(frame: Frame) -> Any:
    """The value that `encode.dumps` made a frame of."""
    return Decoder(frame, _refuse).value(unpack(frame.body))


def _refuse(_: Any) -> Any:
    raise WireError("a node that needs the other end's help")
