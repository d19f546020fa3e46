"""What a suite holds of things that stay in the worker: transparent stand-ins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn, Protocol

from llmex.grader.worker.operators import BINARY, COMPARE, SIGNS, UNARY

HELD = 2


class Wall(Protocol):
    """What carries the requests of things and targets to the worker."""

    age: int
    dropped: list[int]

    def ask(
        self,
        verb: str,
        head: list[Any],
        args: tuple[Any, ...] = (),
        where: str = "",
        keep: bool = False,
    ) -> Any:
        """Act on an object over there."""

    def call(self, target: Target, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """Call something of the answer's."""

    def act(
        self, verb: str, head: list[Any], target: Target, *args: Any, reflected: int = 0
    ) -> Any:
        """Do something to the object of a target, and keep a record of it."""

    def broken(self, where: str) -> NoReturn:
        """End a worker whose reply makes no sense."""

    def fill(self, placed: Placed, verb: str, shown: str, value: Any) -> None:
        """Give a placed value another value, or a gradient."""

    def hold(self, target: Target) -> Handle:
        """A handle on a target."""

    def reached(self, found: Handle, owner: Thing, way: str) -> None:
        """Call a handle what it is of its owner: ".layers", "[0]"."""

    def label(self, number: int) -> str:
        """What the object with that number is called in records."""


class Target:
    """Something of the answer's that can be called: a function, a class, a method of a handle."""

    def __init__(
        self,
        link: Wall,
        head: list[Any],
        label: str,
        owner: Thing | None = None,
        inplace: bool = False,
        keep: bool = False,
    ) -> None:
        self._link, self.head, self.label = link, head, label
        self.owner = owner  # its object must live as long as this does
        self.inplace, self.keep = inplace, keep
        self.held: Handle | None = None

    @property
    def remote_type(self) -> str:
        """What a learner calls it."""
        return "function" if self.owner is None else "method"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it over there; what it returns comes back by value, or as a handle."""
        return self._link.call(self, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._link.hold(self), name)

    def again(self, inplace: bool = False, keep: bool = False) -> Target:
        """The same target, called in another way."""
        inplace, keep = self.inplace or inplace, self.keep or keep
        return Target(self._link, self.head, self.label, self.owner, inplace, keep)


class Thing:
    """Something that lives in the worker, by its number there."""

    __slots__ = ("__weakref__", "_age", "_link", "_number")
    _link: Wall
    _number: int
    _age: int

    def __init__(self, link: Wall, number: int) -> None:
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_number", number)
        object.__setattr__(self, "_age", link.age)

    def _checked(self) -> int:
        """The number; a suite may not keep a thing from one check to the next."""
        if self._age != self._link.age:
            raise RuntimeError("a handle of an earlier check: the worker has dropped its object")
        return int(self._number)

    def _label(self) -> str:
        return self._link.label(self._number)

    def __del__(self) -> None:
        if self._age == self._link.age:
            self._link.dropped.append(self._number)


class Placed(Thing):
    """A tensor, array or list that lives in the worker and is passed by reference."""

    __slots__ = ()
    remote_type = "placed value"

    def value(self) -> Any:
        """What it holds now."""
        return self._link.ask("value", [], (self,), f"{self._label()}.value")

    def grad(self) -> Any:
        """The gradient of a placed tensor, or None."""
        return self._link.ask("grad", [], (self,), f"{self._label()}.grad")

    def set_grad(self, grad: Any) -> None:
        """Give a placed tensor a gradient; None takes it away."""
        self._link.fill(self, "set_grad", "set_grad", grad)

    def load(self, value: Any) -> None:
        """Copy a new value in; it stays the same object."""
        self._link.fill(self, "fill", "load", value)

    def __repr__(self) -> str:
        return f"<placed {self._label()}>"


class Handle(Thing):
    """An object of the answer's: attributes, calls, operators, items, `with` reach through."""

    __slots__ = ("_kind",)
    __array_ufunc__ = None  # NumPy leaves its operators to ours

    def __init__(self, link: Wall, number: int, kind: str) -> None:
        super().__init__(link, number)
        object.__setattr__(self, "_kind", kind)

    @property
    def remote_type(self) -> str:
        """The name of the object's class."""
        return str(self._kind)

    def _ask(self, verb: str, head: list[Any], *args: Any, keep: bool = False) -> Any:
        where = f"{self._label()}.{head[-1]}" if head else self._label()
        return self._link.ask(verb, head, args, where, keep=keep)

    def _operate(self, name: str, *args: Any) -> Any:
        return self._ask("operate", [name], self, *args)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = self._ask("get", [self._checked(), name])
        if found is METHOD:
            return Target(self._link, [HELD, self._number, name], f"{self._label()}.{name}", self)
        if isinstance(found, Handle):
            self._link.reached(found, self, f".{name}")
        return found

    def _act(self, verb: str, head: list[Any], shown: str, *args: Any, reflected: int = 0) -> Any:
        """Something that a record is kept of: `shown` is how it stands there."""
        label = f"{self._label()}.{shown}"
        target = Target(self._link, [HELD, self._checked(), None], label, self)
        return self._link.act(verb, head, target, *args, reflected=reflected)

    def __setattr__(self, name: str, value: Any) -> None:
        self._act("set", [], "__setattr__", name, value)

    def __delattr__(self, name: str) -> None:
        self._operate("delattr", name)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._target()(*args, **kwargs)

    def _target(self) -> Target:
        return Target(self._link, [HELD, self._checked(), None], self._label(), self)

    def __getitem__(self, key: Any) -> Any:
        return self._act("operate", ["getitem"], "getitem", key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._act("operate", ["setitem"], "setitem", key, value)

    def __delitem__(self, key: Any) -> None:
        self._operate("delitem", key)

    def __contains__(self, item: Any) -> bool:
        return bool(self._operate("contains", item))

    def __len__(self) -> int:
        return int(self._operate("len"))

    def __bool__(self) -> bool:
        return bool(self._operate("bool"))

    def __int__(self) -> int:
        return int(self._operate("int"))

    def __float__(self) -> float:
        return float(self._operate("float"))

    def __iter__(self) -> Iterator[Any]:
        iterator = self._ask("operate", ["iter"], self, keep=True)
        while item := iterator._operate("next"):
            yield item[0]

    def __next__(self) -> Any:
        for item in self._operate("next"):
            return item
        raise StopIteration

    def __enter__(self) -> Any:
        return self._operate("enter")

    def __exit__(self, kind: Any, error: Any, _: Any) -> bool:
        message = None if kind is None else f"{kind.__name__}: {error}"
        return bool(self._operate("exit", message))

    def __hash__(self) -> int:
        return hash((self._number, self._age))

    def __repr__(self) -> str:
        return f"<{self._kind} {self._label()}>"

    def __str__(self) -> str:
        return str(self._operate("repr"))


METHOD = object()


def _binary(name: str) -> Any:
    def forward(self: Handle, other: Any) -> Any:
        return self._act("operate", [name], SIGNS.get(name, f"__{name}__"), other)

    return forward


def _reflected(name: str) -> Any:
    def reflected(self: Handle, other: Any) -> Any:
        return self._act("operate", [name], f"__r{name}__", other, reflected=1)

    return reflected


def _unary(name: str) -> Any:
    def unary(self: Handle) -> Any:
        return self._act("operate", [name], f"__{name}__")

    return unary


for _name in (*BINARY, *COMPARE):
    setattr(Handle, f"__{_name}__", _binary(_name))
for _name in BINARY:
    if not _name.startswith("i") or _name == "invert":
        setattr(Handle, f"__r{_name}__", _reflected(_name))
for _name in UNARY:
    setattr(Handle, f"__{_name}__", _unary(_name))
