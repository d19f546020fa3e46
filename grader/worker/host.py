"""Answers the judge's requests on a loaded answer, one at a time.

A request is `[verb, dropped, flags, head, argument nodes, keyword nodes]`; a reply is
`[ending, what, extras]`: "value", "method", "raised", "unwritten", "missing", "signature",
"unreadable", "confused" (the request made no sense) or "stopped". While a judge's function is
called the two change roles: "callback" goes out, and requests are answered until its "return",
"fail" or "misfit" arrives.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

from llmex.grader.worker import faults, randomness
from llmex.grader.worker.changes import Arguments
from llmex.grader.worker.decode import Decoder
from llmex.grader.worker.encode import Encoder
from llmex.grader.worker.notices import Notices
from llmex.grader.worker.objects import Misread, is_routine
from llmex.grader.worker.subject import KEEP, STAGE, Missing, Request, Subject
from llmex.grader.worker.wire import Channel, Frame, PeerGone, WireError, unpack

_DETACHED = {"value", "grad", "pull_back", "shapes"}  # verbs whose tensors leave their graph behind

Extras = list[list[Any]]


class Host:
    """The worker's end of the conversation with the judge."""

    def __init__(self, channel: Channel, notices: Notices) -> None:
        self._channel, self._notices = channel, notices
        self._subject = Subject(self._ask)
        self._objects, self._graphs = self._subject.objects, self._subject.graphs

    def serve(self) -> None:
        """Answer until the judge leaves."""
        with contextlib.suppress(PeerGone):
            while True:
                self.answer(self._channel.receive())

    def answer(self, frame: Frame) -> None:
        """Answer one request."""
        verb, dropped, flags, head, nodes, named = unpack(frame.body)
        if dropped:
            self._objects.free(number for number in dropped if number > 0)
            self._graphs.free(-number for number in dropped if number < 0)
        decoder = Decoder(frame, self._objects.of, graph=self._graphs.leaf, copy=True)
        try:
            args = decoder.values(nodes)
            kwargs = dict(zip(named[::2], decoder.values(named[1::2]), strict=True))
        except WireError as error:
            self._send(self._encoder(), "confused", str(error))
            return
        request = Request(verb, flags, head, args, kwargs)
        if verb == "call":
            self._call(request, Arguments(frame, nodes + named[1::2], self._objects, decoder))
            return
        try:
            value = self._subject.answer(request)
        except BaseException as error:
            self._fail(error)
            return
        if verb == "get" and is_routine(value) and not flags & KEEP:
            self._send(self._encoder(), "method", None)
        else:
            self._give(value, flags, decoder.kept, [], detached=verb in _DETACHED)

    def _call(self, request: Request, arguments: Arguments) -> None:
        """Call something of the subject, and see what became of the arguments."""
        function = None
        try:
            function = self._subject.target(request.head)
            with self._subject.running(request.flags, ours=request.head[0] == STAGE):
                value = function(*request.args, **request.kwargs)
        except BaseException as error:
            call = (_inner(function), request.args, request.kwargs)
            self._fail(error, None if function is None else call)
            return
        try:
            extras = _changes(arguments, request, function) if arguments.kept else []
        except BaseException as error:  # what was put into an argument may raise while it is read
            self._fail(error)
            return
        self._give(value, request.flags, arguments.kept, extras)

    # -- replies ---------------------------------------------------------------------------

    def _encoder(self, known: Any = ()) -> Encoder:
        return Encoder(self._objects.node, known, leaves=self._graphs.output)

    def _send(self, encoder: Encoder, ending: str, what: Any, extras: Any = ()) -> None:
        told = [*extras, *self._notices.take()]
        if new := self._subject.watch.take():
            told.append(["seen", new])
        if dead := self._graphs.dead():
            told.append(["dead", dead])
        self._channel.send(encoder.frame([ending, what, told]))

    def _give(
        self, value: Any, flags: int, known: Any, extras: Extras, detached: bool = False
    ) -> None:
        """Send a value, the arguments that changed, and the graph that both belong to."""
        encoder = self._encoder(known)
        encoder.placed = self._objects.placing
        if detached:
            encoder.leaves, encoder.placed = _detach, None
        try:
            node = self._objects.node(value) if flags & KEEP else encoder.node(value)
            for extra in extras:
                if extra[0] == "changed":
                    extra[1] = [[number, encoder.again(known[number])] for number in extra[1]]
            if graph := self._graphs.close():
                extras.append(["graph", *graph])
            self._send(encoder, "value", node, extras)
        except WireError as error:
            self._graphs.forget_pending()
            self._send(self._encoder(), "unreadable", str(error))
        except BaseException as error:  # a hostile object may raise while it is read
            self._graphs.forget_pending()
            self._fail(error)

    def _fail(
        self,
        error: BaseException,
        call: tuple[Any, list[Any], dict[str, Any]] | None = None,
    ) -> None:
        """Say what was raised; what no check can go on from ends the process."""
        if isinstance(error, PeerGone):
            os._exit(0)
        if isinstance(error, SystemExit):
            self.stop("exit", error.code if isinstance(error.code, int) else int(bool(error.code)))
        if faults.ran_out_of_memory(error):
            self.stop("memory", 0)
        if isinstance(error, Misread):
            self._send(self._encoder(), "confused", str(error))
            return
        if isinstance(error, Missing):
            self._send(self._encoder(), "missing", [error.name, error.owner, error.near])
            return
        what = faults.described(error, self._subject.files)
        found = faults.unbound(error, *call) if isinstance(error, TypeError) and call else None
        if found is not None:
            self._send(self._encoder(), "signature", [*what, found])
        else:
            unwritten = faults.is_unwritten(error, self._subject.files)
            self._send(self._encoder(), "unwritten" if unwritten else "raised", what)

    def _returned(self, frame: Frame, node: Any, known: list[Any]) -> Any:
        """What the judge's function gave back."""
        try:
            return Decoder(frame, self._objects.of, known=known).value(node)
        except WireError as error:
            raise Misread(str(error)) from None

    def stop(self, kind: str, detail: int) -> None:
        """Say why this process cannot go on, and end it."""
        with contextlib.suppress(Exception):
            self._send(self._encoder(), "stopped", [kind, detail])
        os._exit(0)

    def _ask(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the judge, and answer what it asks meanwhile."""
        encoder = self._encoder()
        encoder.leaves, encoder.placed = _detach, self._objects.placing
        try:
            nodes = [encoder.node(value) for value in args]
            named = [part for key, value in kwargs.items() for part in (key, encoder.node(value))]
            self._channel.send(encoder.frame(["callback", [number, nodes, named], []]))
        except WireError as error:  # the answer's own doing, so it hears of it
            raise ValueError(f"this cannot be handed over: {error}") from None
        while True:
            frame = self._channel.receive()
            message = unpack(frame.body)
            if message[0] == "return":
                return self._returned(frame, message[1], encoder.kept)
            if message[0] == "fail":
                raise RuntimeError(message[1])
            if message[0] == "misfit":
                raise TypeError(message[1])
            self.answer(frame)


def _changes(arguments: Arguments, request: Request, function: Any) -> Extras:
    """Which arguments a call has changed, and what the function calls them."""
    changed = arguments.changed([*request.args, *request.kwargs.values()])
    extras: Extras = [["changed", changed]] if changed else []
    if any(not randomness.is_generator(arguments.kept[number]) for number in changed):
        by_id = faults.parameter_names(_inner(function), request.args, request.kwargs)
        extras += [["of", n, by_id.get(id(arguments.kept[n]), "")] for n in changed]
    return extras


def _detach(_: Any) -> list[Any]:
    return []


def _inner(function: Any) -> Any:
    """What a call really binds to: a module's forward, where its __call__ takes anything."""
    torch = sys.modules.get("torch")
    return function.forward if torch and isinstance(function, torch.nn.Module) else function
