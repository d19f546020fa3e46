"""Which arguments a call has changed, found by writing them again and comparing."""

from __future__ import annotations

from typing import Any

import numpy as np

from llmex.grader.worker.decode import Decoder
from llmex.grader.worker.encode import Encoder
from llmex.grader.worker.nodes import TENSOR
from llmex.grader.worker.objects import Objects
from llmex.grader.worker.wire import Frame, WireError, pack

_IMMUTABLE = (tuple, frozenset)


class Arguments:
    """The arguments of one call as they came, to be compared with what they are afterwards."""

    def __init__(self, frame: Frame, nodes: list[Any], objects: Objects, decoder: Decoder) -> None:
        self._frame, self._nodes, self._objects = frame, nodes, objects
        self.kept = tuple(decoder.kept)

    def changed(self, values: list[Any]) -> list[int]:
        """The numbers of the argument objects that are no longer what came."""
        if self._unchanged(values):
            return []
        first = Decoder(self._frame, self._objects.of, graph=lambda value, _: value, copy=True)
        first.values(self._nodes)
        return [
            number
            for number, value in enumerate(self.kept)
            if not isinstance(value, _IMMUTABLE) and self._differs(number, first.kept)
        ]

    def _unchanged(self, values: list[Any]) -> bool:
        """The cheap question: do all arguments together still make the same message?"""
        encoder = Encoder(self._objects.given, layout=True, leaves=lambda _: [])
        try:
            nodes = [encoder.node(value) for value in values]
        except WireError:
            return False
        return _plain(nodes) == _plain(self._nodes) and _same(encoder.buffers, self._frame.buffers)

    def _differs(self, number: int, first: list[Any]) -> bool:
        try:
            node, buffers = _alone(number, list(self.kept), self._objects)
        except WireError:
            return True  # what was put into it cannot even cross
        before, bytes_before = _alone(number, first, self._objects)
        return pack(_plain(node)) != pack(_plain(before)) or not _same(buffers, bytes_before)


def _alone(number: int, kept: list[Any], objects: Objects) -> tuple[Any, list[Any]]:
    """The node of one object, in which the other arguments are their numbers."""
    encoder = Encoder(objects.given, known=kept)
    return encoder.again(kept[number]), encoder.buffers


def _plain(node: Any) -> Any:
    """A node without what is no value: a tensor's strides, flags and place in a graph."""
    if type(node) is not list or not node:
        return node
    if node[0] == TENSOR and len(node) == 7:
        return node[:4]
    return [_plain(item) if type(item) is list else item for item in node]


def _same(ours: list[Any], theirs: Any) -> bool:
    return len(ours) == len(theirs) and all(map(_same_bytes, ours, theirs))


def _same_bytes(a: Any, b: Any) -> bool:
    left, right = np.frombuffer(a, np.uint8), np.frombuffer(b, np.uint8)
    if left.size != right.size:
        return False
    whole = left.size & ~7
    return bool(
        np.array_equal(left[:whole].view(np.int64), right[:whole].view(np.int64))
        and np.array_equal(left[whole:], right[whole:])
    )
