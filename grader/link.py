"""Carries a suite's calls over the wall and back, and keeps a record of them."""

from __future__ import annotations

import inspect
import itertools
import sys
from collections.abc import Mapping
from typing import Any, NoReturn

from llmex.grader import answers
from llmex.grader.crossing import Crossing, fits
from llmex.grader.differentiate import connect
from llmex.grader.handles import METHOD, Handle, Placed, Target, Thing
from llmex.grader.records import LARGEST, Record, Sent, write_back
from llmex.grader.report import Sentence
from llmex.grader.sandbox import Reply, SubjectStopped, Worker
from llmex.grader.trace import LearnerFault
from llmex.grader.worker.decode import Decoder
from llmex.grader.worker.encode import Encoder
from llmex.grader.worker.subject import HELD, KEEP, NO_GRAD
from llmex.grader.worker.wire import Frame, pack


class Link:
    """One subject through one session, as handles, placed values and the learner proxy see it."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.age = 0
        self.dropped: list[int] = []
        self._leaf_numbers = itertools.count(1)
        self.crossing = Crossing(self)
        self.record = Record(self.crossing.names)

    def begin(self) -> None:
        """Forget what belonged to the last check; its handles are of no use any more."""
        self.age += 1
        self.dropped.clear()
        self.crossing = Crossing(self)
        self.record = Record(self.crossing.names)

    # -- requests ----------------------------------------------------------------------------

    def ask(
        self,
        verb: str,
        head: list[Any],
        args: tuple[Any, ...] = (),
        where: str = "",
        keep: bool = False,
    ) -> Any:
        """A request that no record is kept of: attributes that are read, constants, gradients."""
        encoder = self._encoder()
        nodes = [encoder.node(value) for value in args]
        frame = self._frame(encoder, verb, KEEP if keep else 0, head, nodes)
        value = self._value(self._exchange(frame, where or verb), encoder, where)[0]
        if not (isinstance(value, Thing) if keep else fits(verb, value)):
            self.worker.broken(where)
        return value

    def broken(self, where: str) -> NoReturn:
        """End the worker: what it said of a gradient makes no sense."""
        self.worker.broken(where)

    def call(self, target: Target, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call something of the answer's; ArgumentChanged if it changed what it was given."""
        value, changed = self._act("call", target, target.head, args, kwargs)
        if changed is not None and not target.inplace:
            raise answers.ArgumentChanged(changed)
        return value

    def act(
        self, verb: str, head: list[Any], target: Target, *args: Any, reflected: int = 0
    ) -> Any:
        """Do something else to the object of `target`: an operator, a new attribute or value.

        In the record, `target` is what was done, and `args` what it was done with. The object
        itself goes before them, or after them where an operator is reflected.
        """
        return self._act(verb, target, head, args, {}, 1 - reflected, reflected)[0]

    def _act(
        self,
        verb: str,
        target: Target,
        head: list[Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        before: int = 0,
        after: int = 0,
    ) -> tuple[Any, str | None]:
        encoder = self._encoder()
        nodes = [encoder.node(value) for value in args]
        named = [part for key, value in kwargs.items() for part in (key, encoder.node(value))]
        shown, own = nodes, [encoder.node(target.owner)] if before or after else []
        nodes = own * before + nodes + own * after
        frame = self._frame(encoder, verb, KEEP if target.keep else 0, head, nodes, named)
        told = encoder.frame([verb, [], 0, head, shown, named]) if own else frame
        sent = Sent(told, self.crossing.names)
        self.record.warned, self.record.printed = [], ""
        try:
            reply = self._exchange(frame, target.label)
            value, changed = self._value(reply, encoder, target.label, target.inplace)
        except (LearnerFault, SubjectStopped) as error:
            self.record.add(target, sent, None, error)
            raise
        if value is METHOD:
            self.worker.broken(target.label)
        call = self.record.add(target, sent, reply.frame, None)
        if type(value) is Handle:
            self.crossing.names.made(value._number, call)
        return value, changed

    def _encoder(self) -> Encoder:
        torch = sys.modules.get("torch")
        graphs = torch is not None and torch.is_grad_enabled()
        return Encoder(self.crossing.node, layout=True, leaves=self._leaf if graphs else None)

    def _frame(
        self,
        encoder: Encoder,
        verb: str,
        flags: int,
        head: list[Any],
        nodes: list[Any],
        named: list[Any] | None = None,
    ) -> Frame:
        torch = sys.modules.get("torch")
        if torch is not None and not torch.is_grad_enabled():
            flags |= NO_GRAD
        dropped, self.dropped = self.dropped, []
        return encoder.frame([verb, dropped, flags, head, nodes, named or []])

    def _exchange(self, frame: Frame, where: str) -> Reply:
        """Send a request; run callbacks until the reply is there."""
        raised: BaseException | None = None
        reply = self.worker.request(frame, where)
        while reply.ending == "callback":
            frame, error = self._call_back(reply, where)
            raised = raised or error
            reply = self.worker.request(frame, where)
        try:
            self._hear(reply)
        except Exception:
            self.worker.broken(where)
        if raised is not None:
            raise raised
        return reply

    def _hear(self, reply: Reply) -> None:
        for extra in reply.extras:
            if extra[0] == "out":
                self.record.printed += str(extra[1])
            elif extra[0] == "warned":
                self.record.warned += [(str(name), str(message)) for name, message in extra[1]]
            elif extra[0] == "dead":
                self.crossing.forget(extra[1])

    # -- values ------------------------------------------------------------------------------

    def hold(self, target: Target) -> Handle:
        """A handle on a function or class of the answer, or on a method."""
        if target.held is None or target.held._age != self.age:
            kind, name, method = target.head
            verb, head = ("get", [name, method]) if kind == HELD else ("constant", [name, kind])
            target.held = self.ask(verb, head, keep=True)
            owner = None if target.owner is None else target.owner._number
            self.crossing.names.rename(target.held._number, target.label, owner)
        return target.held

    def reached(self, found: Handle, owner: Thing, way: str) -> None:
        """Call a handle what it is of its owner, where nothing else has given it a name."""
        self.crossing.names.reached(found._number, owner._number, way)

    def label(self, number: int) -> str:
        """What the object with that number is called in records."""
        mark = self.crossing.names.mark(number)
        return mark.label if mark else "thing"

    def _leaf(self, tensor: Any) -> list[Any]:
        return self.crossing.leaf(next(self._leaf_numbers), tensor)

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
        decoder = Decoder(reply.frame, self.crossing.of, encoder.kept, graph=output, copy=small)
        try:
            value = decoder.value(reply.what)
            if not reply.extras:
                return value, None
            changed = write_back(decoder, encoder.kept, reply.extras, inplace)
            for _, graph, numbers in [extra for extra in reply.extras if extra[0] == "graph"]:
                inputs = [self.crossing.leaves[number] for number in numbers]
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
            decoder = Decoder(reply.frame, self.crossing.of, copy=True)
            args = decoder.values(nodes)
            kwargs = dict(zip(named[::2], decoder.values(named[1::2]), strict=True))
            function = self.crossing.callback(number)
        except Exception:
            self.worker.broken(where)
        try:
            value = function(*args, **kwargs)
            encoder = Encoder(self.crossing.node, known=decoder.kept, leaves=lambda _: [])
            return encoder.frame(["return", encoder.node(value)]), None
        except BaseException as error:
            if _misfit(function, args, kwargs, error):
                return Frame(pack(["misfit", str(error)]), ()), None
            text = f"the judge's function failed: {type(error).__name__}"
            return Frame(pack(["fail", text]), ()), error

    def bind(self, module: Handle, values: dict[str, Any]) -> None:
        """Copy values into the named tensors of a module; those that require grad become leaves."""
        traced = [name for name, v in values.items() if getattr(v, "requires_grad", False)]
        head = [[name, *self._leaf(values[name])] for name in traced]
        plain = {name: v.detach() if name in traced else v for name, v in values.items()}
        label = f"{module._label()}.load"
        self.act("bind", head, Target(self, [HELD, module._number, None], label, module), plain)

    def fill(self, placed: Placed, verb: str, shown: str, value: Any) -> None:
        """Give a placed value another value, or a gradient."""
        label = f"{placed._label()}.{shown}"
        self.act(verb, [], Target(self, [HELD, placed._number, None], label, placed), value)


def _misfit(function: Any, args: list[Any], kwargs: dict[str, Any], error: BaseException) -> bool:
    """Whether the answer called a function of the suite with arguments that it does not take."""
    if not isinstance(error, TypeError) or (error.__traceback__ and error.__traceback__.tb_next):
        return False
    try:
        inspect.signature(function).bind(*args, **kwargs)
    except TypeError:
        return True
    except ValueError:
        pass
    return False


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
    if reply.ending == "unwritten":
        return answers.AnswerUnwritten(*raised)
    kind = answers.AnswerTypeError if raised[0] == "TypeError" else answers.AnswerRaised
    return kind(*raised)
