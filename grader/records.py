"""Records of calls, decoded from the bytes that crossed, and the names under which things show."""

from __future__ import annotations

import builtins
import keyword
import re
import sys
from collections import deque
from typing import Any

import numpy as np

from llmex.grader.handles import HELD, Target, Thing
from llmex.grader.trace import Call, Mark
from llmex.grader.worker import randomness
from llmex.grader.worker.decode import Decoder
from llmex.grader.worker.nodes import ARRAY, FOREIGN, TENSOR
from llmex.grader.worker.objects import CALLBACK, ITERATOR
from llmex.grader.worker.wire import Frame, unpack

LARGEST = 1 << 20  # of a frame whose arrays are kept
ALL = 64 << 20  # bytes of one check
MOST = 2000  # calls of one check
_LARGE = "large"
_LONGEST_LABEL = 12


class Names:
    """What the things that do not cross are called in one check's records."""

    def __init__(self) -> None:
        self._marks: dict[int, Mark] = {}
        self._callbacks: dict[int, Mark] = {}
        self._taken: dict[str, int] = {}
        self._reached: set[int] = set()

    def handle(self, number: int, kind: str) -> None:
        """A handle on an object of class `kind` has arrived."""
        if number not in self._marks:
            self._marks[number] = Mark(self._free(_label(kind)), "handle", text=kind)

    def made(self, number: int, call: Call) -> None:
        """The call that returned a handle."""
        mark = self._marks[number]
        if mark.made_by is None and mark.kind == "handle":
            self._marks[number] = Mark(mark.label, "handle", call, text=mark.text)

    def rename(self, number: int, label: str, owner: int | None = None) -> None:
        """A handle on a function, class or method is called what the answer calls it."""
        of = None if owner is None else self._marks.get(owner)
        self._marks[number] = Mark(label, "handle", text=self._marks[number].text, owner=of)

    def reached(self, number: int, owner: int, way: str) -> None:
        """A handle was found at another one: it is called by the way to it."""
        mark, of = self._marks.get(number), self._marks.get(owner)
        if mark is None or of is None or mark.made_by or mark.owner or number in self._reached:
            return
        if mark.kind == "handle" and number != owner:
            self._reached.add(number)
            self._marks[number] = Mark(of.label + way, "handle", text=mark.text, owner=of)

    def placed(self, number: int, value: Any, parameter: bool = False) -> None:
        """A value was placed in the worker."""
        kind = "parameter" if parameter else ""
        self._marks[number] = Mark(self._free("p"), "placed", value=value, text=kind)

    def callback(self, number: int, name: str, is_iterator: bool) -> None:
        """A function or an iterator of the judge goes along."""
        if number not in self._callbacks:
            label = self._free(name if name.isidentifier() else "f")
            kind: Any = "iterator" if is_iterator else "callback"
            self._callbacks[number] = Mark(label, kind)

    def mark(self, number: int) -> Mark | None:
        """The mark of a handle or placed value."""
        return self._marks.get(number)

    def of(self, node: list[Any]) -> Mark:
        """The mark that a node of a record stands for."""
        if node[0] == _LARGE:
            return Mark("large", "large", text=node[1])
        known = self._callbacks if node[0] in (CALLBACK, ITERATOR) else self._marks
        return known.get(node[1]) or Mark("thing")

    def _free(self, label: str) -> str:
        count = self._taken[label] = self._taken.get(label, 0) + 1
        return label if count == 1 else f"{label}{count}"


def _label(kind: str) -> str:
    """A variable's name for an object of a class: layer_norm, value, mha for a long one."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+", kind) or ["m"]
    label = "_".join(words).lower()
    short = label if len(label) <= _LONGEST_LABEL else "".join(word[0] for word in words).lower()
    if hasattr(builtins, short) or keyword.iskeyword(short):
        return short[0]
    return short if short.isidentifier() else "m"


class Sent:
    """The arguments of one call, as they were sent."""

    def __init__(self, frame: Frame, names: Names) -> None:
        self._names = names
        self._large = frame.size > LARGEST
        buffers = [] if self._large else [np.array(buffer) for buffer in frame.buffers]
        self._frame = Frame(frame.body, buffers)
        self.size = self._frame.size

    def __call__(self) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments by position and by name."""
        return self.decoded()[0]

    def decoded(self) -> tuple[tuple[tuple[Any, ...], dict[str, Any]], list[Any]]:
        """The arguments, and the objects that a reply may refer to by number."""
        nodes, named = unpack(self._frame.body)[4:]
        decoder = _decoder(self._frame, self._names, [])
        args = tuple(decoder.values(_sketch(nodes) if self._large else nodes))
        given = named[1::2]
        values = decoder.values(_sketch(given) if self._large else given)
        return (args, dict(zip(named[::2], values, strict=True))), decoder.kept


class Received:
    """The result of one call, as it came."""

    def __init__(self, frame: Frame, sent: Sent) -> None:
        self._large = frame.size > LARGEST
        self._frame = Frame(frame.body, [] if self._large else frame.buffers)
        self._sent = sent
        self.size = self._frame.size

    def __call__(self) -> Any:
        """The value; arrays of a large reply are marks that say their dtype and shape."""
        _, node, extras = unpack(self._frame.body)
        known = self._sent.decoded()[1]
        decoder = _decoder(self._frame, self._sent._names, known)
        value = decoder.values([_sketch(node) if self._large else node])[0]
        if not self._large:  # an argument that came back is shown as it was then
            write_back(decoder, known, extras, inplace=True)
        return value


def _decoder(frame: Frame, names: Names, known: list[Any]) -> Decoder:
    def foreign(node: list[Any]) -> Mark:
        mark = names.of(node)
        if node[0] == _LARGE:
            decoder.kept.append(mark)  # the array had a number
        return mark

    decoder = Decoder(frame, foreign, known, graph=lambda value, _: value, copy=True)
    return decoder


def _sketch(node: Any) -> Any:
    """A node in which arrays out of band are marks."""
    if type(node) is not list or not node:
        return node
    if node[0] in (ARRAY, TENSOR) and len(node) > 4 and type(node[3]) is int:
        kind = "array" if node[0] == ARRAY else "tensor"
        name = np.dtype(node[1]).name if node[0] == ARRAY else node[1]
        return [FOREIGN, _LARGE, f"{name} {kind} of shape {tuple(node[2])}"]
    return [_sketch(item) if type(item) is list else item for item in node]


def _size(call: Call) -> int:
    parts = (call.sent, call.received)
    return sum(part.size for part in parts if isinstance(part, (Sent, Received)))


class Record:
    """What is kept of one check: its calls, and what the last one printed and warned of."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self.calls: deque[Call] = deque()
        self.warned: list[tuple[str, str]] = []
        self.printed = ""
        self._bytes = 0

    def add(
        self, target: Target, sent: Sent, received: Frame | None, error: Exception | None
    ) -> Call:
        """Keep one call; the oldest go where there are too many."""
        result = None if received is None else Received(received, sent)
        on = self._names.mark(target.head[1]) if target.head[0] == HELD else None
        call = Call(target.label, sent, result, error, on, tuple(self.warned), self.printed)
        self.calls.append(call)
        self._bytes += _size(call)
        while self._bytes > ALL or len(self.calls) > MOST:
            self._bytes -= _size(self.calls.popleft())
        return call


def write_back(
    decoder: Decoder, kept: list[Any], extras: list[list[Any]], inplace: bool
) -> str | None:
    """Write changed arguments into the suite's own objects; the name of one that had to stay.

    One that had to stay does stay: a suite's constants are the same for the next subject.
    """
    found = None
    names = {extra[1]: str(extra[2]) for extra in extras if extra[0] == "of"}
    for extra in extras:
        for number, node in extra[1] if extra[0] == "changed" else ():
            value, generator = decoder.value(node), randomness.is_generator(kept[number])
            if (inplace or generator) and not isinstance(value, (Thing, Mark)):  # it stayed
                overwrite(kept[number], value)
            if not generator:
                found = found or names.get(number, "")
    return found


def overwrite(own: Any, value: Any) -> None:
    """Give one of the suite's own objects the value that the answer gave its copy."""
    torch = sys.modules.get("torch")
    if isinstance(own, np.ndarray):
        if own.shape == value.shape and own.flags.writeable:
            own[...] = value
    elif torch is not None and isinstance(own, torch.Tensor):
        with torch.no_grad():
            if own.shape == value.shape:
                own.copy_(value)
            elif own.dtype == value.dtype:
                own.set_(value.detach())
    elif isinstance(own, (list, bytearray)):
        own[:] = value
    elif isinstance(own, (dict, set)):
        own.clear()
        own.update(value)
    else:
        randomness.become(own, value)
