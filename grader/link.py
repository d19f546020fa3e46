"""Carries a suite's calls over the wall and back: what crosses, what stays, what is recorded."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Mapping
from typing import Any

from llmex.grader import answers
from llmex.grader.differentiate import connect
from llmex.grader.handles import METHOD, Handle, Placed, Target, Thing
from llmex.grader.records import LARGEST, Record, Sent, write_back
from llmex.grader.report import Sentence
from llmex.grader.sandbox import Reply, SubjectStopped, Worker
from llmex.grader.trace import LearnerFault
from llmex.grader.worker.decode import Decoder
from llmex.grader.worker.encode import Encoder
from llmex.grader.worker.nodes import FOREIGN
from llmex.grader.worker.objects import CALLBACK, HANDLE, ITERATOR, PLACED
from llmex.grader.worker.operators import next_of
from llmex.grader.worker.subject import HELD, KEEP, NO_GRAD
from llmex.grader.worker.wire import Frame, WireError, pack


class Link:
    """One subject through one session, as handles, placed values and the learner proxy see it."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.dropped: list[int] = []
        self.leaves: dict[int, Any] = {}
        self.age = 0
        self.record = Record()
        self._handles: weakref.WeakValueDictionary[int, Thing] = weakref.WeakValueDictionary()
        self._callbacks: dict[int, Callable[..., Any]] = {}
        self._numbers: dict[int, int] = {}
        self._last_leaf = 0

    def begin(self) -> None:
        """Forget what belonged to the last check; its handles are of no use any more."""
        self.age += 1
        self.dropped.clear()
        self.leaves.clear()
        self._handles.clear()
        self._callbacks.clear()
        self._numbers.clear()
        self.record = Record()

    # -- requests ----------------------------------------------------------------------------

    def ask(
        self,
        verb: str,
        head: list[Any],
        args: tuple[Any, ...] = (),
        where: str = "",
        keep: bool = False,
    ) -> Any:
        """A request that is no call of the answer's own: attributes, operators, placed values."""
        encoder, frame = self._frame(verb, head, args, {}, KEEP if keep else 0)
        value = self._value(self._exchange(frame, where or verb), encoder, where)[0]
        if keep and not isinstance(value, Thing):
            self.worker.broken(where)
        return value

    def call(self, target: Target, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call a function of the answer, and keep a record of it."""
        flags = KEEP if target.keep else 0
        encoder, frame = self._frame("call", target.head, args, kwargs, flags)
        label = target.label
        sent = Sent(frame, self.record.names)
        self.record.warned, self.record.printed = [], ""
        try:
            reply = self._exchange(frame, label)
            value, changed = self._value(reply, encoder, label, target.inplace)
        except (LearnerFault, SubjectStopped) as error:
            self.record.add(target, sent, None, error)
            raise
        call = self.record.add(target, sent, reply.frame, None)
        if type(value) is Handle:
            self.record.names.made(value._number, call)
        if changed is not None and not target.inplace:
            raise answers.ArgumentChanged(changed)
        return value

    def _frame(
        self,
        verb: str,
        head: list[Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        flags: int,
    ) -> tuple[Encoder, Frame]:
        torch = sys.modules.get("torch")
        leaves = None
        if torch is not None:
            if torch.is_grad_enabled():
                leaves = self._leaf
            else:
                flags |= NO_GRAD
        encoder = Encoder(self._foreign, layout=True, leaves=leaves)
        nodes = [encoder.node(value) for value in args]
        named = [part for key, value in kwargs.items() for part in (key, encoder.node(value))]
        dropped, self.dropped = self.dropped, []
        return encoder, encoder.frame([verb, dropped, flags, head, nodes, named])

    def _exchange(self, frame: Frame, where: str) -> Reply:
        """Send a request; run callbacks until the reply is there."""
        raised: BaseException | None = None
        reply = self.worker.request(frame, where)
        while reply.ending == "callback":
            frame, error = self._call_back(reply, where)
            raised = raised or error
            reply = self.worker.request(frame, where)
        self._hear(reply)
        if raised is not None:
            raise raised
        return reply

    def _hear(self, reply: Reply) -> None:
        for extra in reply.extras:
            if extra[0] == "out":
                self.record.printed += extra[1]
            elif extra[0] == "warned":
                self.record.warned += [(str(name), str(message)) for name, message in extra[1]]
            elif extra[0] == "dead":
                for number in extra[1]:
                    self.leaves.pop(number, None)

    # -- values ------------------------------------------------------------------------------

    def _foreign(self, value: Any) -> list[Any]:
        if isinstance(value, (Handle, Placed)):
            return [FOREIGN, HANDLE, value._checked()]
        if isinstance(value, Target):
            return [FOREIGN, HANDLE, self.hold(value)._checked()]
        if callable(value):
            return [FOREIGN, CALLBACK, *self._callback(value, value)]
        if hasattr(type(value), "__next__"):
            return [
                FOREIGN,
                ITERATOR,
                *self._callback(value, lambda: next_of(value)),
            ]
        raise TypeError(f"a {type(value).__name__} cannot cross to the answer")

    def _callback(self, value: Any, function: Callable[..., Any]) -> tuple[int, str]:
        number = self._numbers.setdefault(id(value), len(self._numbers) + 1)
        self._callbacks[number] = function
        name = str(getattr(value, "__name__", type(value).__name__))
        self.record.names.callback(number, name, function is not value)
        return number, name

    def hold(self, target: Target) -> Handle:
        """A handle on a function or class of the answer, or on a method."""
        if target.held is None or target.held._age != self.age:
            kind, name, method = target.head
            verb, head = ("get", [name, method]) if kind == HELD else ("constant", [name, kind])
            target.held = self.ask(verb, head, keep=True)
            self.record.names.rename(target.held._number, target.label)
        return target.held

    def _leaf(self, tensor: Any) -> list[Any]:
        self._last_leaf += 1
        self.leaves[self._last_leaf] = tensor
        return [self._last_leaf]

    def tag(self, tensor: Any) -> int:
        """The number under which a tensor of the judge is known as a leaf."""
        return int(self._leaf(tensor)[0])

    def _of(self, node: list[Any]) -> Any:
        """What a node of the worker's stands for here."""
        kind, number = node[0], node[1]
        if type(number) is not int:
            raise WireError("a number that is none")
        if kind == CALLBACK:
            return self._callbacks[number]
        if kind == PLACED:
            return self._handles.get(number) or Placed(self, number)
        if kind != HANDLE:
            raise WireError("an object of an unknown kind")
        handle = self._handles.get(number)
        if handle is None:
            handle = self._handles[number] = Handle(self, number, str(node[2]))
            self.record.names.handle(number, str(node[2]))
        return handle

    def label(self, number: int) -> str:
        """What the object with that number is called in records."""
        mark = self.record.names.mark(number)
        return mark.label if mark else "thing"

    def placed(self, number: int, value: Any) -> Placed:
        """The proxy of a value that was just placed."""
        self.record.names.placed(number, value)
        made = Placed(self, number)
        self._handles[number] = made
        return made

    def _value(
        self, reply: Reply, encoder: Encoder, where: str, inplace: bool = False
    ) -> tuple[Any, str | None]:
        """The value of a reply, and the name of an argument that the call has changed."""
        if reply.ending == "method":
            return METHOD, None
        if reply.ending == "confused":
            raise RuntimeError(f"the worker did not understand {where}: {reply.what}")
        if reply.ending != "value":
            raise self._fault(reply, where)
        outputs: list[tuple[int, Any]] = []

        def output(tensor: Any, traced: Any) -> Any:
            outputs.append((int(traced[0]), tensor.requires_grad_(False)))
            return tensor

        small = reply.frame.size <= LARGEST
        decoder = Decoder(reply.frame, self._of, encoder.kept, graph=output, copy=small)
        try:
            value = decoder.value(reply.what)
            if not reply.extras:
                return value, None
            changed = write_back(decoder, encoder.kept, reply.extras, inplace)
            for _, graph, numbers in [extra for extra in reply.extras if extra[0] == "graph"]:
                inputs = [self.leaves[number] for number in numbers]
                tensors = [tensor for _, tensor in sorted(outputs, key=lambda pair: pair[0])]
                connect(self, int(graph), inputs, tensors)
        except Exception:  # whatever a reply breaks, it is the reply that is wrong
            self.worker.broken(where)
        return value, changed

    def _fault(self, reply: Reply, where: str) -> LearnerFault:
        try:
            return _fault(reply, where)
        except Exception:
            self.worker.broken(where)

    def _call_back(self, reply: Reply, where: str) -> tuple[Frame, BaseException | None]:
        """Run a callback; the frame that answers it, and what it raised."""
        try:
            number, nodes, named = reply.what
            decoder = Decoder(reply.frame, self._of, copy=True)
            args = decoder.values(nodes)
            kwargs = dict(zip(named[::2], decoder.values(named[1::2]), strict=True))
            function = self._callbacks[number]
        except Exception:
            self.worker.broken(where)
        try:
            value = function(*args, **kwargs)
            encoder = Encoder(self._foreign, known=decoder.kept, leaves=lambda _: [])
            return encoder.frame(["return", encoder.node(value)]), None
        except BaseException as error:
            text = f"the judge's function failed: {type(error).__name__}"
            return Frame(pack(["fail", text]), ()), error

    def bind(self, module: Handle, values: dict[str, Any]) -> None:
        """Copy values into the named tensors of a module; those that require grad become leaves."""
        traced = {name: v for name, v in values.items() if getattr(v, "requires_grad", False)}
        head = [[name, self._leaf(value)[0]] for name, value in traced.items()]
        encoder = Encoder(self._foreign, layout=True, leaves=lambda _: [])
        nodes = [encoder.node(module), encoder.node(values)]
        frame = encoder.frame(["bind", [], 0, head, nodes, []])
        label = f"{module._label()}.load"
        target = Target(self, [HELD, module._number, "load"], label)
        sent = Sent(encoder.frame(["bind", [], 0, head, nodes[1:], []]), self.record.names)
        self._value(self._exchange(frame, label), encoder, label)
        self.record.add(target, sent, None, None)


def _fault(reply: Reply, where: str) -> LearnerFault:
    """What a reply that is no value says of the answer."""
    what = reply.what
    if reply.ending == "missing":
        name, owner, near = what
        return answers.missing(str(name), str(owner), [str(n) for n in near])
    if reply.ending == "unreadable":
        return answers.AnswerUnreadable(Sentence(answers.UNREADABLE, {"reason": str(what)}))
    name, bases, message, lines, *signature = what
    raised = str(name), [str(b) for b in bases], str(message), [str(line) for line in lines]
    if reply.ending == "signature":
        return answers.AnswerSignature(raised, where, str(signature[0]))
    kind = answers.AnswerTypeError if raised[0] == "TypeError" else answers.AnswerRaised
    return kind(*raised)
