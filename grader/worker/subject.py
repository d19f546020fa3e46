"""The subject in a worker: its modules, its objects and graphs, and what can be asked of them."""

from __future__ import annotations

import contextlib
import random
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from llmex.grader.worker import encode, faults, lockdown, placing, sources
from llmex.grader.worker.delegation import Watch
from llmex.grader.worker.graphs import Graphs
from llmex.grader.worker.objects import Objects, kind_of
from llmex.grader.worker.operators import OPERATORS

NO_GRAD, KEEP = 1, 2
MAIN, STAGE, HELD = 0, 1, 2
_NOTHING = contextlib.nullcontext()


class Request(NamedTuple):
    """What the judge asks: a verb, flags (NO_GRAD, KEEP), plain words, and values."""

    verb: str
    flags: int
    head: list[Any]
    args: list[Any]
    kwargs: dict[str, Any]


class Missing(Exception):
    """A name that an answer (`owner` is ""), or an object of it, does not have."""

    def __init__(self, name: str, owner: str, near: list[str]) -> None:
        self.name, self.owner, self.near = name, owner, near
        super().__init__(name)


class Subject:
    """One answer's modules, with all that was made of them in the current check."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self.objects = Objects(ask)
        self.graphs = Graphs()
        self.watch = Watch()
        self.files: set[str] = set()
        self._modules: tuple[types.ModuleType, ...] = ()

    def answer(self, request: Request) -> Any:
        """What a verb other than "call" gives."""
        return _VERBS[request.verb](self, request)

    def target(self, head: list[Any]) -> Any:
        """The function, class, object or method that a call names."""
        kind, name, method = head
        if kind != HELD:
            return self._top_level(kind, name)
        held = self.objects.held(name)
        return held if method is None else self._attribute(held, method)

    def running(self, flags: int, ours: bool = False) -> contextlib.AbstractContextManager[Any]:
        """While the subject's code runs: what it calls is noted, gradients as in the judge.

        `ours` is code of the exercise's stage, which may call what an answer may not.
        """
        watched = None if ours else self.watch.during()
        if not flags & NO_GRAD or "torch" not in sys.modules:
            return watched or _NOTHING
        stack = contextlib.ExitStack()
        stack.enter_context(watched or _NOTHING)
        stack.enter_context(sys.modules["torch"].no_grad())
        return stack

    def _top_level(self, kind: int, name: str) -> Any:
        module = self._modules[kind]
        if name not in vars(module):
            raise Missing(name, "", faults.near(name, module))
        return vars(module)[name]

    def _attribute(self, thing: Any, name: str) -> Any:
        try:
            return getattr(thing, name)
        except AttributeError as error:
            if faults.lines_of(error, self.files):
                raise
            near = faults.nearest(name, placing.own_names(thing))
            raise Missing(name, kind_of(thing), near) from None

    def open(self, request: Request) -> list[str]:
        """Load the sources; the names that the main module has then."""
        texts, main, stage, forbids, has_torch, lent = request.args
        if not has_torch:
            encode.without_tensors()
        self.files = {sources.file_of(name) for name in texts}
        self.watch.files = self.files
        self.watch.lent = {sources.file_of(name) for name in lent}
        self.watch.forbid(forbids)
        staged = sources.install(texts, stage)
        with self.running(0):
            self._modules = (sources.load(main), *staged)
        return [name for name in vars(self._modules[MAIN]) if not name.startswith("_")]

    def begin(self, request: Request) -> None:
        """Start a check: generators seeded, handles and graphs dropped, more time to compute."""
        self.objects.clear()
        self.graphs.clear()
        _as_at_the_start(request.head[0] % (1 << 32))
        lockdown.allow_cpu(request.head[1])

    def get(self, request: Request) -> Any:
        """An attribute of an object."""
        number, name = request.head
        with self.running(request.flags):
            return self._attribute(self.objects.held(number), name)

    def set(self, request: Request) -> None:
        """Set an attribute of an object."""
        thing, name, value = request.args
        with self.running(request.flags):
            setattr(thing, name, value)

    def operate(self, request: Request) -> Any:
        """An operator or a builtin function on an object."""
        with self.running(request.flags):
            return OPERATORS[request.head[0]](*request.args)

    def constant(self, request: Request) -> Any:
        """A module-level name."""
        name, kind = request.head
        return self._top_level(kind, name)

    def has(self, request: Request) -> bool:
        """Whether the main module has a name."""
        return request.head[0] in vars(self._modules[MAIN])

    def place(self, request: Request) -> int:
        """Let a value live here; its number."""
        value = placing.place(request.args[0], request.head[0])
        return self.objects.hold(value, placed=True)

    def bind(self, request: Request) -> None:
        """Copy values into named tensors; `head` names those that stand for a judge's tensor."""
        thing, values = request.args
        named = placing.named(thing)
        for name, value in values.items():
            placing.copy_into(named[name], value)
        numbers = dict(request.head)
        for name in values:
            self.graphs.tag(named[name], numbers.get(name, 0), loaded=True)

    def shapes(self, request: Request) -> dict[str, Any]:
        """The shapes of a module's parameters; with a `head`, of its buffers too."""
        thing = request.args[0]
        if not request.head:
            return placing.shapes(thing)
        return {name: tuple(value.shape) for name, value in placing.named(thing).items()}

    def pull_back(self, request: Request) -> list[Any]:
        """The vector-Jacobian product of an earlier call."""
        graph, needed = request.head
        with self.watch.during(ours=True) or _NOTHING:
            return self.graphs.pull_back(graph, request.args, needed)


def _as_at_the_start(seed: int) -> None:
    """Seed every generator, and undo what a call may have set for the whole process."""
    random.seed(seed)
    np.random.seed(seed)
    np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")
    warnings.simplefilter("always")
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(seed)
        torch.set_grad_enabled(True)
        torch.set_default_dtype(torch.float32)


_VERBS: dict[str, Callable[[Subject, Request], Any]] = {
    "open": Subject.open,
    "begin": Subject.begin,
    "get": Subject.get,
    "set": Subject.set,
    "operate": Subject.operate,
    "constant": Subject.constant,
    "has": Subject.has,
    "place": Subject.place,
    "value": lambda _, request: placing.value_of(*request.args),
    "grad": lambda _, request: placing.grad_of(*request.args),
    "set_grad": lambda _, request: placing.set_grad(*request.args),
    "fill": lambda _, request: placing.copy_into(*request.args),
    "shapes": Subject.shapes,
    "bind": Subject.bind,
    "pull_back": Subject.pull_back,
}
