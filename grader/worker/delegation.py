"""Which forbidden operators an answer really calls: a record for teaching, not a wall."""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from typing import Any

import numpy as np

from llmex.grader.worker.sources import file_of

_MOST = 400  # functions of a module that is forbidden whole


class Watch:
    """Notes each forbidden operator when it is called while an answer runs.

    Functions and methods are wrapped where torch keeps them, before the answer is loaded, so that
    calls from inside torch's own modules are seen as well; a TorchFunctionMode sees the same
    operators when they are reached by another way.
    """

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.lent: set[str] = set()
        self._active = self._ours = False
        self._scopes: dict[str, set[str]] = {}
        self._by_function: dict[Any, str] = {}
        self._mode: Any = None
        self._seen: set[str] = set()
        self._new: list[str] = []

    def forbid(self, rules: list[Any]) -> None:
        """Watch canonical names, or `{"in": function, "names": [...]}`, of what is loaded."""
        for rule in rules:
            scoped = isinstance(rule, dict)
            for name in rule["names"] if scoped else [rule]:
                self._scopes.setdefault(name, set()).add(rule["in"] if scoped else "")
        for name in [name for name in self._scopes if isinstance(_resolve(name), types.ModuleType)]:
            for inside in _functions_of(name):
                self._scopes.setdefault(inside, set()).update(self._scopes[name])
        for name in self._scopes:
            with suppress(AttributeError, TypeError):  # a class that cannot be changed
                self._wrap(name)
        torch = sys.modules.get("torch")
        if torch is not None and self._by_function:
            self._mode = _mode_class(torch)(self._by_function, self.note)

    def _wrap(self, name: str) -> None:
        owner_name, _, last = name.rpartition(".")
        owner = _resolve(owner_name)
        found = getattr(owner, last, None) if owner is not None else None
        if not callable(found):
            return
        if isinstance(found, np.ufunc):
            setattr(owner, last, _Ufunc(found, self._recorder(found, name)))
        elif isinstance(found, type):
            made = vars(found).get("__init__") or found.__mro__[1].__init__  # type: ignore[misc]
            type.__setattr__(found, "__init__", self._recorder(made, name))
        else:
            self._by_function[found] = name
            setattr(owner, last, self._recorder(found, name))

    def _recorder(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        note = self.note

        @functools.wraps(function, updated=())
        def recorded(*args: Any, **kwargs: Any) -> Any:
            note(name)
            return function(*args, **kwargs)

        recorded.note = lambda: note(name)  # type: ignore[attr-defined]
        return recorded

    def note(self, name: str) -> None:
        """A forbidden operator is being called; remember it if the answer is what calls."""
        if not self._active or name in self._seen:
            return
        scopes, running = self._scopes[name], self._functions_running()
        if running is None:
            return
        if scopes & running or ("" in scopes and (running or not self._ours)):
            self._seen.add(name)
            self._new.append(name)

    def _functions_running(self) -> set[str] | None:
        """The answer's functions that are running; None where it is a lent one that calls."""
        found: set[str] = set()
        frame: types.FrameType | None = sys._getframe()
        while frame is not None:
            code = frame.f_code
            if not found and (code.co_filename in self.lent or self._is_lent(frame)):
                return None  # what a stand-in leaves to a library is not the answer's doing
            if code.co_filename in self.files:
                found.add(code.co_name)
            frame = frame.f_back
        return found

    def _is_lent(self, frame: types.FrameType) -> bool:
        """Whether a method runs that an object of a stand-in's class has from its library."""
        if not self.lent or frame.f_code.co_varnames[:1] != ("self",):
            return False
        kind = type(frame.f_locals.get("self"))
        module = kind.__dict__.get("__module__")
        return isinstance(module, str) and file_of(module) in self.lent

    def during(self, ours: bool = False) -> AbstractContextManager[None] | None:
        """The context in which an answer's code runs; None where nothing is forbidden.

        What `ours` calls itself does not count, only what the answer's functions in it do.
        """
        return self._watching(ours) if self._scopes else None

    @contextmanager
    def _watching(self, ours: bool) -> Iterator[None]:
        before, self._active = self._active, True
        was_ours, self._ours = self._ours, ours
        try:
            with self._mode if self._mode is not None and not before else nullcontext():
                yield
        finally:
            self._active, self._ours = before, was_ours

    def take(self) -> list[str]:
        """The names seen since the last call."""
        new, self._new = self._new, []
        return new


class _Ufunc:
    """A ufunc in whose place calls are recorded; `reduce` and the like are those of the ufunc.

    Only the name in NumPy's module is another object now: operators and NumPy itself do not ask it.
    """

    def __init__(self, ufunc: np.ufunc, recorded: Callable[..., Any]) -> None:
        self._ufunc, self._recorded = ufunc, recorded
        self.__name__, self.__doc__ = ufunc.__name__, ufunc.__doc__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._recorded(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._ufunc, name)
        if name not in ("reduce", "accumulate", "outer", "reduceat", "at"):
            return found
        again = self._recorded.note  # type: ignore[attr-defined]

        def recorded(*args: Any, **kwargs: Any) -> Any:
            again()
            return found(*args, **kwargs)

        return recorded

    def __repr__(self) -> str:
        return repr(self._ufunc)


def _functions_of(module: str) -> list[str]:
    """The public functions of a module that is forbidden whole; none of a whole library."""
    names = [
        f"{module}.{name}"
        for name, value in vars(sys.modules[module]).items()
        if not name.startswith("_") and callable(value) and not isinstance(value, type)
    ]
    return names if "." in module and len(names) <= _MOST else []


def _operator(function: Any) -> str:
    """The name of one of torch's basic operators (`torch.ops.aten.softmax.int`), or "".

    Beside some of its functions torch keeps what they call: `torch._softmax`.
    """
    kind = type(function)
    if kind is types.BuiltinFunctionType:
        name = function.__name__
        return name.strip("_") if name[:1] == "_" != name[1:2] else ""
    if kind.__module__ != "torch._ops" or not str(function).startswith("aten."):
        return ""
    return str(function).split(".")[1].strip("_")


def _resolve(name: str) -> Any:
    """The module, class or namespace with that dotted name, if it is loaded."""
    if name in sys.modules:
        return sys.modules[name]
    owner_name, _, last = name.rpartition(".")
    owner = _resolve(owner_name) if owner_name else None
    return getattr(owner, last, None) if owner is not None else None


def _mode_class(torch: Any) -> Any:
    class Mode(torch.overrides.TorchFunctionMode):  # type: ignore[misc]
        """Sees every call of torch while it is entered."""

        def __init__(self, names: dict[Any, str], note: Callable[[str], None]) -> None:
            super().__init__()
            self._names, self._note = names, note
            # `torch.softmax` is `torch.ops.aten.softmax` by another way, so is its method.
            self._operators = {
                name.rpartition(".")[2].strip("_"): name
                for name in names.values()
                if name.startswith("torch.") and ".nn.init." not in name
            }

        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            name = self._names.get(func) or self._operators.get(_operator(func))
            if name is not None:
                self._note(name)
            return func(*args, **(kwargs or {}))

    return Mode
