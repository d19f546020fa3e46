"""A failed check as something to look at: the call as Python, what came back, what should have."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from llmex.grader.as_python import as_python, elided, wrap
from llmex.grader.literal import is_tensor
from llmex.grader.report import Counterexample, Sentence
from llmex.grader.scrub import scrub
from llmex.grader.trace import Call, LearnerFault, Mark

LINES = 18  # of code; with what is wanted, what came and why that makes 25 at most
_INLINE = 32  # columns of an argument that stands in the call itself
_EARLIER = 4  # calls on the same object that are shown before the one that matters
_SIGNS = frozenset("+ - * @ / // % ** == != < <= > >= & | ^ << >>".split())


def build(
    fault: LearnerFault | None, trace: Sequence[Call], module: str, printed: str = ""
) -> Counterexample | None:
    """The counterexample of a check that `fault` ended; None where there is nothing to show.

    `fault` is None where the subject was stopped: then the last call is shown alone. `module` is
    the answer's name to import from ("attention.multi_head_attention").
    """
    if fault is None and not trace:
        return None
    parts = getattr(fault, "counterexample_parts", None)
    if not isinstance(parts, Counterexample):
        parts = Counterexample(finding=None if fault is None else fault.finding)
    placed = bool(parts.where) and not parts.name
    code = call_as_python(trace, module, "out" if placed else "")
    return dataclasses.replace(
        parts,
        code=code,
        name="out" if placed and code else scrub(parts.name, 60),
        want=scrub(parts.want, 300),
        got=scrub(parts.got, 300),
        where=scrub(parts.where, 60),
        finding=_harmless(parts.finding),
        why=_harmless(parts.why),
        help=_harmless(parts.help),
        lines=tuple(scrub(line, 200) for line in (fault.lines[-8:] if fault else ())),
        printed=scrub(printed, keep_newlines=True),
    )


def _harmless(sentence: Sentence | None) -> Sentence | None:
    if sentence is None:
        return None
    fields = {k: scrub(v, 600) if isinstance(v, str) else v for k, v in sentence.fields.items()}
    return Sentence(sentence.text, fields)


def call_as_python(trace: Sequence[Call], module: str, result: str = "") -> tuple[str, ...]:
    """The last call of `trace` with all that it needs, as lines that can be pasted.

    The result is assigned to `result`, if that is a name. Where the earlier calls on the same
    object would not fit, they are counted; where an argument would not, its shape is told.
    """
    if not trace:
        return ()
    lines: list[str] = []
    for earlier, most in ((_EARLIER, LINES), (1, LINES), (0, LINES), (0, 0)):
        script = _Script(module, trace, earlier, terse=not most)
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
    earlier: int
    terse: bool = False
    lines: list[str] = field(default_factory=list)
    uses: set[str] = field(default_factory=set)
    functions: dict[str, set[str]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    names: dict[int, tuple[str, Any]] = field(default_factory=dict)

    def write(self, result: str) -> list[str]:
        """All lines: imports, what the call needs, the call."""
        last = self.trace[-1]
        if last.on is not None:
            self.mark(last.on, last)
        self.call(last, result)
        heads = [line for name, line in _IMPORTS.items() if name in self.uses]
        for module, names in self.functions.items():
            heads.extend(wrap(f"from {module} import {', '.join(sorted(names))}"))
        return heads + self.lines

    def add(self, line: str) -> None:
        """A logical line, broken where it is long."""
        self.lines.extend(wrap(line))

    def mark(self, mark: Mark, until: Call | None = None) -> None:
        """Whatever makes the object `mark` what it is at the call `until`."""
        if mark.label in self.known:
            return
        self.known.add(mark.label)
        if mark.kind == "handle" and mark.made_by is not None:
            if mark.made_by.on is not None:
                self.mark(mark.made_by.on, mark.made_by)
            self.call(mark.made_by, mark.label)
            self.history(mark, until)
        elif mark.kind == "placed" and mark.value is not None:
            self.assign(mark.label, mark.value)
        else:
            self.lines.append(elided(mark.label, mark))

    def history(self, mark: Mark, until: Call | None) -> None:
        """The earlier calls on the object: its loads, and the last few of the others."""
        before = list(itertools.takewhile(lambda call: call is not until, self.trace))
        mine = [c for c in before if c.on is not None and c.on.label == mark.label]
        loads = [call for call in mine if call.target.endswith(".load")]
        others = [call for call in mine if call not in loads]
        shown = others[len(others) - self.earlier :] if len(others) > self.earlier else others
        for call in mine:
            if call in loads[-1:] or call in shown:
                self.call(call, "")
            elif call in others and call is others[0]:
                left = len(others) - len(shown)
                self.lines.append(f"# ... {left} earlier calls on {mark.label}")

    def call(self, call: Call, result: str) -> None:
        """One call, after whatever its arguments need."""
        args, kwargs = call.sent()
        for inner in _marks((args, kwargs)):
            self.mark(inner, call)
        if call.target.endswith(".load") and call.on is not None and len(args) == 1:
            self.load(call.on.label, args[0])
            return
        given = [self.argument(arg, "") for arg in args]
        given += [f"{key}={self.argument(value, key)}" for key, value in kwargs.items()]
        text = _expression(self.callee(call), given)
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
        """Named parameters copied in place, as `learner.load` does."""
        for name, value in values.items() if isinstance(values, dict) else ():
            parts = str(name).split(".")
            dotted = all(part.isidentifier() for part in parts)
            place = f"{label}.{name}" if dotted else f"{label}.get_parameter({name!r})"
            text = self.argument(value, parts[-1] if parts[-1].isidentifier() else "w", True)
            self.add(
                f"{place}.data.copy_({text})" if is_tensor(value) else f"{place}[...] = {text}"
            )

    def argument(self, value: Any, wanted: str, inline: bool = False) -> str:
        """An argument as it stands in the call: itself if it is short, else a name for it."""
        if id(value) in self.names:
            return self.names[id(value)][0]
        text = None if self.terse and _is_array(value) else as_python(value, self.uses)
        if text is not None and (inline or (len(text) <= _INLINE and not _is_array(value))):
            return text
        name = self.fresh(wanted)
        self.names[id(value)] = name, value  # kept alive, so that no other value gets its id
        if text is None:
            self.lines.append(elided(name, value))
        else:
            self.add(f"{name} = {text}")
        return name

    def assign(self, name: str, value: Any) -> None:
        """A value under a given name."""
        text = as_python(value, self.uses)
        if text is None:
            self.lines.append(elided(name, value))
        else:
            self.add(f"{name} = {text}")

    def fresh(self, wanted: str) -> str:
        """A name that nothing has yet."""
        taken = {name for name, _ in self.names.values()} | self.known | {"out", "np", "torch"}
        taken |= set().union(*self.functions.values()) if self.functions else set()
        names = itertools.chain([wanted] if wanted else [], "xyzabcdefgh")
        numbered = (f"x{n}" for n in itertools.count(1))
        return next(name for name in itertools.chain(names, numbered) if name not in taken)


_IMPORTS = {"np": "import numpy as np", "torch": "import torch"}


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or is_tensor(value)


def _marks(value: Any) -> Iterator[Mark]:
    if isinstance(value, Mark):
        yield value
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(_marks, value.values()))
    elif isinstance(value, (list, tuple)):
        yield from itertools.chain.from_iterable(map(_marks, value))


def _expression(callee: str, given: list[str]) -> str:
    """A call, or the operator that the callee names after its last dot ("m.+", "m.getitem")."""
    owner, _, verb = callee.rpartition(".")
    if verb in _SIGNS and len(given) == 1:
        return f"{owner} {verb} {given[0]}"
    if verb in ("getitem", "[]") and len(given) == 1:
        return f"{owner}[{given[0]}]"
    if verb in ("setitem", "[]=") and len(given) == 2:
        return f"{owner}[{given[0]}] = {given[1]}"
    if verb in ("len", "iter", "next", "bool", "int", "float", "reversed") and not given:
        return f"{verb}({owner})"
    return f"{callee}({', '.join(given)})"
