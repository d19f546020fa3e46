"""Answers the judge's requests on an answer's loaded sources, one at a time.

A request is `[verb, dropped, flags, head, argument nodes, keyword nodes]`; a reply is
`[ending, what, extras]`: "value", "method", "raised", "missing", "signature", "unreadable" or
"stopped". While a judge's function is called the two change roles: "callback" goes out, and
requests are answered until its "return" or "fail" arrives.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from llmex.grader.worker import faults, lockdown, placing, randomness, sources
from llmex.grader.worker.changes import Arguments
from llmex.grader.worker.decode import Decoder
from llmex.grader.worker.delegation import Watch
from llmex.grader.worker.encode import Encoder
from llmex.grader.worker.graphs import Graphs
from llmex.grader.worker.notices import Notices
from llmex.grader.worker.objects import Objects, is_routine, kind_of
from llmex.grader.worker.operators import OPERATORS
from llmex.grader.worker.wire import Channel, Frame, PeerGone, WireError, unpack

NO_GRAD, KEEP = 1, 2
MAIN, STAGE, HELD = 0, 1, 2


class Missing(Exception):
    """A name that an answer, or an object of it, does not have."""

    def __init__(self, name: str, owner: str, near: list[str]) -> None:
        self.name, self.owner, self.near = name, owner, near
        super().__init__(name)


class Host:
    """One subject's modules, objects and graphs, and the verbs that act on them."""

    def __init__(self, channel: Channel, limits: Mapping[str, Any], notices: Notices) -> None:
        self._channel, self._limits, self._notices = channel, limits, notices
        self._objects = Objects(self._ask)
        self._graphs = Graphs()
        self._watch = Watch()
        self._modules: tuple[types.ModuleType, ...] = ()
        self._files: set[str] = set()
        self._main_file = ""

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
        args = decoder.values(nodes)
        kwargs = dict(zip(named[::2], decoder.values(named[1::2]), strict=True))
        known = decoder.kept
        try:
            if verb == "call":
                arguments = Arguments(frame, nodes + named[1::2], self._objects, decoder)
                self._call(arguments, flags, head, args, kwargs)
                return
            value = _VERBS[verb](self, flags, head, args)
        except BaseException as error:
            self._fail(error)
            return
        if verb == "get" and is_routine(value):
            self._send(Encoder(self._objects.node), "method", None)
        else:
            self._give(value, flags, known, detached=verb in _DETACHED)

    # -- replies ---------------------------------------------------------------------------

    def _send(self, encoder: Encoder, ending: str, what: Any, *extras: list[Any]) -> None:
        told = [*extras, *self._notices.take()]
        if new := self._watch.take():
            told.append(["seen", new])
        if dead := self._graphs.dead():
            told.append(["dead", dead])
        self._channel.send(encoder.frame([ending, what, told]))

    def _give(
        self,
        value: Any,
        flags: int,
        known: list[Any],
        changed: list[int] | None = None,
        names: dict[int, str] | None = None,
        detached: bool = False,
    ) -> None:
        encoder = Encoder(
            self._objects.node, known, leaves=_detach if detached else self._graphs.output
        )
        encoder.placed = None if detached else self._objects.placing
        try:
            node = self._objects.node(value) if flags & KEEP else encoder.node(value)
            extras: list[list[Any]] = []
            if changed:
                again = [[number, encoder.again(known[number])] for number in changed]
                extras.append(["changed", again, sorted((names or {}).items())])
            if graph := self._graphs.close():
                extras.append(["graph", graph])
            self._send(encoder, "value", node, *extras)
        except WireError as error:
            self._graphs.forget_pending()
            self._send(Encoder(self._objects.node), "unreadable", str(error))

    def _fail(
        self, error: BaseException, call: tuple[Any, list[Any], dict[str, Any]] | None = None
    ) -> None:
        """Say what was raised; what no check can go on from ends the process."""
        if isinstance(error, PeerGone):
            os._exit(0)
        if isinstance(error, SystemExit):
            self.stop("exit", error.code if isinstance(error.code, int) else int(bool(error.code)))
        if faults.ran_out_of_memory(error):
            self.stop("memory", 0)
        encoder = Encoder(self._objects.node)
        if isinstance(error, Missing):
            self._send(encoder, "missing", [error.name, error.owner, error.near])
            return
        found = isinstance(error, TypeError) and call and faults.unbound(error, *call)
        what = faults.describe(error, self._files)
        if found:
            self._send(encoder, "signature", [*what, found])
        else:
            self._send(encoder, "raised", what)

    def stop(self, kind: str, detail: int) -> None:
        """Say why this process cannot go on, and end it."""
        with contextlib.suppress(Exception):
            self._send(Encoder(self._objects.node), "stopped", [kind, detail])
        os._exit(0)

    def _ask(self, number: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Call a function of the judge, and answer what it asks meanwhile."""
        encoder = Encoder(self._objects.node, leaves=_detach)
        encoder.placed = self._objects.placing
        nodes = [encoder.node(value) for value in args]
        named = [part for key, value in kwargs.items() for part in (key, encoder.node(value))]
        self._channel.send(encoder.frame(["callback", [number, nodes, named], []]))
        while True:
            frame = self._channel.receive()
            message = unpack(frame.body)
            if message[0] == "return":
                return Decoder(frame, self._objects.of, known=encoder.kept).value(message[1])
            if message[0] == "fail":
                raise RuntimeError(message[1])
            self.answer(frame)

    # -- verbs -----------------------------------------------------------------------------

    def _call(
        self,
        arguments: Arguments,
        flags: int,
        head: list[Any],
        args: list[Any],
        kwargs: dict[str, Any],
    ) -> None:
        function = None
        try:
            function = self._target(head)
            with self._running(flags, head[0] != STAGE):
                value = function(*args, **kwargs)
        except BaseException as error:
            self._fail(error, (_inner(function), args, kwargs) if function else None)
            return
        changed = arguments.changed([*args, *kwargs.values()])
        names = {}
        if any(not randomness.is_generator(arguments.kept[number]) for number in changed):
            by_id = faults.parameter_names(_inner(function), args, kwargs)
            names = {n: by_id.get(id(arguments.kept[n]), "") for n in changed}
        self._give(value, flags, list(arguments.kept), changed, names)

    def _target(self, head: list[Any]) -> Any:
        kind, name, method = head
        if kind == HELD:
            held = self._objects.held(name)
            return held if method is None else self._attribute(held, method)
        return self._top_level(kind, name)

    def _top_level(self, kind: int, name: str) -> Any:
        module = self._modules[kind]
        if name not in vars(module):
            raise Missing(name, "", faults.near(name, module))
        return vars(module)[name]

    def _attribute(self, thing: Any, name: str) -> Any:
        try:
            return getattr(thing, name)
        except AttributeError as error:
            if faults.lines_of(error, self._files):
                raise
            own = [key for key in dir(thing) if not key.startswith("_")]
            raise Missing(name, kind_of(thing), faults.nearest(name, own)) from None

    @contextlib.contextmanager
    def _running(self, flags: int, active: bool) -> Any:
        """While code of the subject runs: what it calls is noted, gradients as in the judge."""
        torch = sys.modules.get("torch")
        without_grad = torch.no_grad() if flags & NO_GRAD and torch else contextlib.nullcontext()
        with self._watch.during(active), without_grad:
            yield

    def _open(self, _: int, head: list[Any], args: list[Any]) -> list[Any]:
        texts, main, stage, forbids = args
        self._files = {sources.file_of(name) for name in texts}
        self._watch.files = self._files
        self._watch.forbid(forbids)
        staged = sources.install(texts, stage)
        with self._running(0, active=True):
            self._modules = (sources.load(main), *staged)
        return [name for name in vars(self._modules[0]) if not name.startswith("_")]

    def _begin(self, _: int, head: list[Any], args: list[Any]) -> None:
        seed = head[0] % (1 << 32)
        self._objects.clear()
        self._graphs.clear()
        random.seed(seed)
        np.random.seed(seed)
        torch = sys.modules.get("torch")
        if torch is not None:
            torch.manual_seed(seed)
            torch.set_grad_enabled(True)
        lockdown.allow_cpu(int(self._limits.get("cpu_s", lockdown.CPU_S)))

    def _get(self, _: int, head: list[Any], args: list[Any]) -> Any:
        with self._running(0, active=True):
            return self._attribute(self._objects.held(head[0]), head[1])

    def _set(self, _: int, head: list[Any], args: list[Any]) -> None:
        with self._running(0, active=True):
            setattr(self._objects.held(head[0]), head[1], args[0])

    def _operate(self, flags: int, head: list[Any], args: list[Any]) -> Any:
        with self._running(flags, active=True):
            return OPERATORS[head[0]](*args)

    def _constant(self, _: int, head: list[Any], args: list[Any]) -> Any:
        name, kind = head
        return self._top_level(kind, name)

    def _has(self, _: int, head: list[Any], args: list[Any]) -> bool:
        return head[0] in vars(self._modules[MAIN])

    def _place(self, _: int, head: list[Any], args: list[Any]) -> int:
        return self._objects.hold(placing.place(args[0], head[0]), placed=True)

    def _bind(self, _: int, head: list[Any], args: list[Any]) -> None:
        """Copy values into named tensors; `head` names those that stand for a judge's tensor."""
        thing, values = args
        named = placing.named(thing)
        for name, value in values.items():
            placing.copy_into(named[name], value)
        for name, number in head:
            self._graphs.tag(named[name], number)

    def _pull_back(self, _: int, head: list[Any], args: list[Any]) -> list[Any]:
        graph, needed = head
        with self._running(0, active=True):
            return self._graphs.pull_back(graph, args, needed)


def _detach(_: Any) -> list[Any]:
    return []


def _inner(function: Any) -> Any:
    """What a call really binds to: a module's forward, where its __call__ takes anything."""
    torch = sys.modules.get("torch")
    return function.forward if torch and isinstance(function, torch.nn.Module) else function


_Verb = Callable[[Host, int, list[Any], list[Any]], Any]
_VERBS: dict[str, _Verb] = {
    "open": Host._open,
    "begin": Host._begin,
    "get": Host._get,
    "set": Host._set,
    "operate": Host._operate,
    "constant": Host._constant,
    "has": Host._has,
    "place": Host._place,
    "value": lambda _, __, ___, args: placing.value_of(args[0]),
    "grad": lambda _, __, ___, args: placing.grad_of(args[0]),
    "set_grad": lambda _, __, ___, args: placing.set_grad(*args),
    "fill": lambda _, __, ___, args: placing.copy_into(*args),
    "shapes": lambda _, __, head, args: (
        {name: tuple(value.shape) for name, value in placing.named(args[0]).items()}
        if head else placing.shapes(args[0])
    ),
    "bind": Host._bind,
    "pull_back": Host._pull_back,
}  # fmt: skip
_DETACHED = {"value", "grad", "pull_back", "shapes"}
