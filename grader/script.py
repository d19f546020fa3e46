"""One call of a check as lines of Python that can be pasted, with all that it needs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from llmex.grader.as_python import COLUMNS, as_python, elided, wrap
from llmex.grader.literal import is_tensor
from llmex.grader.report import CODE_LINES
from llmex.grader.scrub import scrub
from llmex.grader.spelling import expression, only_reads
from llmex.grader.trace import Call, Mark

LINES = CODE_LINES
_IMPORTS = {"np": "import numpy as np", "torch": "import torch"}
_IMPORTED = frozenset({"function", "type", "builtin_function_or_method"})  # kinds of a handle
_INLINE = 32  # columns of an argument that stands in the call itself
_EARLIER = 4  # calls on the same object that are shown before the one that matters

Parameters = Mapping[str, Sequence[str]]


def call_as_python(
    trace: Sequence[Call],
    module: str,
    result: str = "",
    parameters: Parameters = MappingProxyType({}),
) -> tuple[str, ...]:
    """The last call of `trace` with all that it needs, as lines that can be pasted.

    The result is assigned to `result`, if that is a name. Where the earlier calls on the same
    object would not fit, they are counted; where an argument would not, its shape is told.
    """
    if not trace:
        return ()
    lines: list[str] = []
    for earlier, most in ((_EARLIER, LINES), (1, LINES), (0, LINES), (0, 0)):
        script = _Script(module, trace, parameters, earlier, terse=not most)
        lines = script.write(result)
        if len(lines) <= LINES:
            break
    if len(lines) > LINES:
        lines = [*lines[: LINES - 4], "# ...", *lines[-3:]]
    return tuple(scrub(line, 200) for line in lines)


@dataclass
class _Script:
    """Python lines in the making: what is imported, what has a name already."""

    module: str
    trace: Sequence[Call]
    parameters: Parameters
    earlier: int
    terse: bool = False
    lines: list[str] = field(default_factory=list)
    uses: set[str] = field(default_factory=set)
    functions: dict[str, set[str]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    reserved: set[str] = field(default_factory=set)
    names: dict[int, tuple[str, Any]] = field(default_factory=dict)

    def write(self, result: str) -> list[str]:
        """All lines: imports, what the call needs, the call."""
        last, found = self.trace[-1], dict[str, Mark]()
        _related(last, found)
        self.reserved = set(found)
        makers = {id(m.made_by): m for m in found.values() if m.kind == "handle" and m.made_by}
        left, shown = self.chosen(found, set(makers))
        for call in itertools.takewhile(lambda call: call is not last, self.trace):
            if id(call) in makers:
                self.mark(makers[id(call)])
            elif id(call) in shown:
                if left:
                    self.lines.append(f"# ... {left} earlier calls")
                    left = 0
                self.call(call, "")
        self.call(last, result)
        heads = [line for name, line in _IMPORTS.items() if name in self.uses]
        for module, names in self.functions.items():
            listed = ", ".join(sorted(names))
            whole = f"from {module} import {listed}"
            heads += [whole] if len(whole) <= COLUMNS else wrap(f"from {module} import ({listed})")
        return heads + self.lines

    def chosen(self, found: dict[str, Mark], makers: set[int]) -> tuple[int, set[int]]:
        """Earlier calls on the objects in question: how many are left out, and which are shown."""
        on = [c for c in self.trace[:-1] if c.on is not None and c.on.label in found]
        calls = [c for c in on if c.error is None and id(c) not in makers]
        others = [id(c) for c in calls if not _is_load(c) and not only_reads(c.target)]
        shown = set(others[max(0, len(others) - self.earlier) :])
        return len(others) - len(shown), shown | set(_loads_that_count(calls, shown))

    def add(self, line: str) -> None:
        """A logical line, broken where it is long."""
        self.lines.extend(wrap(line))

    def mark(self, mark: Mark) -> None:
        """Make the object that `mark` stands for, unless it is there."""
        if mark.label in self.known:
            return
        self.known.add(mark.label)
        if mark.owner is not None:  # its label says how it is reached
            self.mark(mark.owner)
            return
        if mark.kind == "placed" and mark.value is not None:
            self.assign(mark.label, mark.value, mark.text == "parameter")
        elif mark.kind == "handle" and mark.made_by is not None:
            self.call(mark.made_by, mark.label)
        elif mark.kind == "handle" and mark.text in _IMPORTED and mark.label.isidentifier():
            self.functions.setdefault(self.module, set()).add(mark.label)
        elif "." not in mark.label:
            self.lines.append(elided(mark.label, mark))

    def call(self, call: Call, result: str) -> None:
        """One call, after whatever its arguments need."""
        args, kwargs = call.sent()
        for inner in _marks((call.on, args, kwargs)):
            self.mark(inner)
        if _is_load(call) and len(args) == 1:
            self.load(call.target.rpartition(".")[0], args[0])
            return
        if _sets_grad(call) and len(args) == 1:
            label = call.target.rpartition(".")[0]
            self.add(f"{label}.grad = {self.argument(args[0], 'grad', True)}")
            return
        callee = self.callee(call)
        wanted = itertools.chain(self.parameters.get(_callable_of(call), ()), itertools.repeat(""))
        given = [self.argument(arg, name) for arg, name in zip(args, wanted, strict=False)]
        given += [f"{key}={self.argument(value, key)}" for key, value in kwargs.items()]
        text = expression(callee, given)
        self.add(f"{result} = {text}" if result and " = " not in text else text)

    def callee(self, call: Call) -> str:
        """The name to call, imported if it is a function or class of the answer or the stage."""
        if call.on is not None:
            return call.target
        module, _, name = call.target.rpartition(".")
        source = module if module == "stage" else self.module
        name = name if module == "stage" else call.target
        self.functions.setdefault(source, set()).add(name.split(".")[0])
        return name

    def load(self, label: str, values: Any) -> None:
        """Values copied in place, as `learner.load` and `Placed.load` do."""
        if not isinstance(values, dict):
            self.copy(label, "w", values)
            return
        for name, value in values.items():
            parts = str(name).split(".")
            dotted = all(part.isidentifier() for part in parts)
            place = f"{label}.{name}" if dotted else f"{label}.get_parameter({name!r})"
            self.copy(place, parts[-1] if dotted else "w", value)

    def copy(self, place: str, name: str, value: Any) -> None:
        """One value copied into a tensor, an array or a list; it needs no gradient for that."""
        if is_tensor(value) and value.requires_grad and id(value) not in self.names:
            value = value.detach()
        text = self.argument(value, name, True)
        self.add(f"{place}.data.copy_({text})" if is_tensor(value) else f"{place}[:] = {text}")

    def argument(self, value: Any, wanted: str, inline: bool = False) -> str:
        """An argument as it stands in the call: itself if it is short, else a name for it."""
        if id(value) in self.names:
            return self.names[id(value)][0]
        text = None if self.terse and _is_array(value) else as_python(value, self.uses)
        if text is not None and (inline or (len(text) <= _INLINE and not _is_array(value))):
            return text
        name = self.fresh(wanted)
        self.names[id(value)] = name, value  # kept alive, so that no other value gets its id
        self.define(name, value, text)
        return name

    def assign(self, name: str, value: Any, parameter: bool = False) -> None:
        """A value under a given name, as a parameter of torch's if it is one."""
        text = as_python(value, self.uses)
        if text is not None and parameter:
            text = f"torch.nn.Parameter({text})"
        self.define(name, value, text)

    def define(self, name: str, value: Any, text: str | None) -> None:
        """A name for a value that reads `text`; where that is None, only what the value is."""
        if text is None:
            self.lines.append(elided(name, value))
        else:
            self.add(f"{name} = {text}")

    def fresh(self, wanted: str) -> str:
        """A name that nothing has yet."""
        taken = (
            {name for name, _ in self.names.values()}
            | self.known
            | self.reserved
            | {"out", "np", "torch"}
        )
        taken |= set().union(*self.functions.values()) if self.functions else set()
        names = itertools.chain([wanted] if wanted else [], "xyzabcdefgh")
        numbered = (f"x{n}" for n in itertools.count(1))
        return next(name for name in itertools.chain(names, numbered) if name not in taken)


def _is_load(call: Call) -> bool:
    return call.on is not None and call.target.endswith(".load")


def _sets_grad(call: Call) -> bool:
    return call.on is not None and call.on.kind == "placed" and call.target.endswith(".set_grad")


def _loads_that_count(calls: Sequence[Call], shown: set[int]) -> Iterator[int]:
    """The loads of which something is left when the next shown call on the object comes."""
    later: dict[str, set[str]] = {}
    for call in reversed(calls):
        label = call.on.label if call.on is not None else ""
        if id(call) in shown:
            later.pop(label, None)
        elif _is_load(call):
            names = _loaded(call)
            if not names <= later.get(label, set()):
                yield id(call)
            later.setdefault(label, set()).update(names)


def _loaded(call: Call) -> set[str]:
    """The names of the parameters that a load sets; a placed value has one, without a name."""
    values = call.args[0] if len(call.args) == 1 else None
    return set(map(str, values)) if isinstance(values, dict) else {""}


def _related(call: Call, found: dict[str, Mark]) -> None:
    """Every object that a call needs, and what those need."""
    waiting = [call]
    while waiting:
        one = waiting.pop()
        args, kwargs = one.sent()
        marks = list(_marks((one.on, args, kwargs)))
        while marks:
            mark = marks.pop()
            if mark.label in found:
                continue
            found[mark.label] = mark
            marks += [mark.owner] if mark.owner is not None else []
            waiting += [mark.made_by] if mark.made_by is not None else []


def _callable_of(call: Call) -> str:
    """The name under which the stub has what is called: "softmax", "Linear.forward"."""
    if call.on is None:
        return call.target
    made_by = call.on.made_by.target if call.on.made_by is not None else ""
    method = call.target.removeprefix(call.on.label).removeprefix(".")
    return f"{made_by}.{method or 'forward'}"


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or is_tensor(value)


def _marks(value: Any) -> Iterator[Mark]:
    if isinstance(value, Mark):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(_marks, value.values()))
    elif isinstance(value, (list, tuple)):
        yield from itertools.chain.from_iterable(map(_marks, value))
