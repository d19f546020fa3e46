"""`learner` as a suite sees it: calls that cross the wall, and a record of each."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from llmex.grader import answers
from llmex.grader.answers import (
    AnswerMissing,
    AnswerRaised,
    AnswerSignature,
    AnswerUnreadable,
    ArgumentChanged,
    ParameterMismatch,
)
from llmex.grader.handles import Handle, Placed, Target
from llmex.grader.link import Link
from llmex.grader.literal import type_word
from llmex.grader.report import Sentence
from llmex.grader.sandbox import Worker
from llmex.grader.trace import Call
from llmex.grader.worker.subject import MAIN, STAGE

__all__ = [
    "AnswerMissing", "AnswerRaised", "AnswerSignature", "AnswerUnreadable", "ArgumentChanged",
    "Handle", "Learner", "ParameterMismatch", "Placed",
]  # fmt: skip


class Ways:
    """Calls made in one way: `learner.inplace.f(w)`, `learner.inplace(handle.method)(x)`."""

    def __init__(self, link: Link, inplace: bool = False, keep: bool = False) -> None:
        self._link, self._inplace, self._keep = link, inplace, keep

    def __call__(self, target: Any) -> Target:
        """The same function, method or object, called in this way."""
        found = target._target() if isinstance(target, Handle) else target
        if not isinstance(found, Target):
            raise TypeError("not something of the answer's that can be called")
        return found.again(self._inplace, self._keep)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self(Target(self._link, [MAIN, name, None], name))


class Stage:
    """The functions and classes of an exercise's public stage, in the worker."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def __getattr__(self, name: str) -> Target:
        if name.startswith("__"):
            raise AttributeError(name)
        return Target(self._link, [STAGE, name, None], f"stage.{name}")


class Learner:
    """The subject in whose seat a suite runs. Any other name is one of its own functions."""

    def __init__(self, worker: Worker) -> None:
        self._link = Link(worker)
        self.inplace = Ways(self._link, inplace=True)
        self.keep = Ways(self._link, keep=True)
        self.stage = Stage(self._link)

    # -- for the session that seats the subject --------------------------------------------------

    def open(
        self,
        sources: Mapping[str, str],
        main: str,
        stage: str | None = None,
        forbids: Sequence[Any] = (),
        lent: Sequence[str] = (),
    ) -> list[str]:
        """Load the subject's modules in the worker; give the names that `main` defines.

        `sources` are texts by module name; those that are `lent` may call what is forbidden.
        LearnerFault if they cannot be loaded.
        """
        self._link.worker.start_clock()
        args = (dict(sources), main, stage, list(forbids), "torch" in sys.modules, list(lent))
        names: list[str] = self._link.ask("open", [], args, main)
        return names

    def begin(self, seed: int, long: bool = False) -> None:
        """Start a check: generators seeded, handles and graphs dropped, the clock at zero."""
        self._link.begin()
        self._link.worker.start_clock(long)
        self._link.ask("begin", [seed, self._link.worker.cpu_s], (), "begin")

    @property
    def trace(self) -> list[Call]:
        """The calls of this check, the latest last."""
        return list(self._link.record.calls)

    @property
    def printed(self) -> str:
        """What the last call printed."""
        return self._link.record.printed

    @property
    def warned(self) -> list[tuple[str, str]]:
        """The warnings of the last call: category and message."""
        return self._link.record.warned

    @property
    def scratch(self) -> str:
        """The folder that the answer may write to; "" where the exercise asks for none."""
        return self._link.worker.scratch

    # -- for suites ------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Target:
        if name.startswith("__"):
            raise AttributeError(name)
        return Target(self._link, [MAIN, name, None], name)

    def value(self, name: str) -> Any:
        """A module-level constant of the answer."""
        return self._link.ask("constant", [name, MAIN], (), name)

    def has(self, name: str) -> bool:
        """Whether the answer defines a name."""
        return self._link.ask("has", [name], (), name) is True

    def place(self, value: Any, parameter: bool = False) -> Placed:
        """Let a tensor, array or list live in the worker, to be passed by reference."""
        number = self._link.ask("place", [parameter], (value,), "place")
        return self._link.crossing.place(number, value, parameter)

    def handle(self, thing: Any, *path: Any) -> Handle:
        """A handle on what lies there, even if it could cross by value.

        A step of `path` that is a string is an attribute, or a key where there is no such
        attribute; anything else is an item.
        """
        start = thing._target() if isinstance(thing, Handle) else thing
        if isinstance(start, Target) and not isinstance(thing, Handle):
            thing = self._link.hold(start)
        found: Handle = self._link.ask("operate", ["reach"], (thing, *path), "handle", keep=True)
        if path and not any(isinstance(step, str) for step in path[1:]):  # a key or an attribute?
            first = path[0] if isinstance(path[0], str) else ""
            items = "".join(f"[{step!r}]" for step in path[bool(first) :])
            self._link.reached(found, thing, f".{first}{items}" if first else items)
        return found

    def same(self, a: Any, b: Any) -> bool:
        """Whether two handles or placed values are the same object in the worker."""
        return self._link.ask("operate", ["same"], (a, b), "same") is True

    def parameters(self, module: Handle) -> dict[str, tuple[int, ...]]:
        """The names and shapes of a module's parameters. ParameterMismatch if it is no module."""
        _must_be_module(module)
        found: dict[str, tuple[int, ...]] = self._link.ask("shapes", [], (module,), "parameters")
        return found

    def load(self, module: Handle, values: Mapping[str, Any]) -> None:
        """Copy values into named parameters in place.

        A value that requires grad becomes an input of every later call in which the parameter
        takes part. ParameterMismatch if a name is missing, a shape differs, or it is no module.
        """
        _must_be_module(module)
        found: dict[str, Any] = self._link.ask("shapes", [1], (module,), "load")
        for name, value in values.items():
            _compare_shapes(module, name, value, found)
        self._link.bind(module, dict(values))


def _must_be_module(module: Any) -> None:
    """What an answer gave in a module's place may be anything: None, a number, a list."""
    if not isinstance(module, Handle):
        raise ParameterMismatch(Sentence(answers.NO_MODULE, {"got": type_word(module)}))


def _compare_shapes(module: Handle, name: str, value: Any, found: Mapping[str, Any]) -> None:
    wanted = tuple(getattr(value, "shape", ()))
    owner = module.remote_type
    if name not in found:
        names = ", ".join(f"{key} {_shape(shape)}" for key, shape in list(found.items())[:8])
        fields = {"owner": owner, "name": name, "shape": _shape(wanted), "found": names}
        text = answers.NO_PARAMETER if found else answers.NO_PARAMETERS
        raise ParameterMismatch(Sentence(text, fields))
    if tuple(found[name]) != wanted:
        shapes = {"shape": _shape(wanted), "found": _shape(tuple(found[name]))}
        raise ParameterMismatch(
            Sentence(answers.WRONG_SHAPE, {"owner": owner, "name": name, **shapes})
        )


def _shape(shape: tuple[int, ...]) -> str:
    return str(tuple(shape))
