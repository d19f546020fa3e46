"""Mutants: which small changes are made, which never, and how they are called."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from llmex.grader.author.mutants import Mutant, mutants

ROOT = Path(__file__).parent.parent
SOLUTIONS = sorted((ROOT / "solutions").glob("*/*/solution.py"))

# What stands in the body of `def f(x, y, dim):`, and what a mutant of it must make of it.
MADE = {
    "operator": ("return x + y", "return x - y"),
    "dropped term": ("return x + y", "return y"),
    "swapped operands": ("return x - y", "return y - x"),
    "whole division": ("return x // y", "return x * y"),
    "bits": ("return x ^ y", "return x | y"),
    "dropped bits": ("return x | y", "return x"),
    "shift": ("return x << y", "return x >> y"),
    "shift back": ("return x >> y", "return x << y"),
    "matrix product": ("return x @ y", "return y @ x"),
    "accumulation": ("x += y", "x = y"),
    "left out": ("x *= y", "pass"),
    "replaced": ("x *= y", "x = y"),
    "first value": ("x = x + y\n    return x", "pass\n    return x"),
    "one more": ("return x[2]", "return x[3]"),
    "one less": ("return x[2]", "return x[1]"),
    "negative index": ("return x[-1]", "return x[0]"),
    "before the last": ("return x[-1]", "return x[-2]"),
    "factor": ("return 0.25 * x", "return 0.5 * x"),
    "no factor": ("return g(x, 0.0)", "return g(x, 1.0)"),
    "over": ("return 2 / x", "return 1 / x"),
    "divisor": ("return 1 / x", "return x / 1"),
    "truth": ("return x.sum(keepdim=True)", "return x.sum(keepdim=False)"),
    "boundary": ("return x < y", "return x <= y"),
    "other side": ("return x < y", "return x >= y"),
    "negation": ("return x == y", "return x != y"),
    "membership": ("return x in y", "return x not in y"),
    "no membership": ("return x not in y", "return x in y"),
    "not": ("return not x", "return x"),
    "condition": ("return x and y", "return x or y"),
    "half a condition": ("return x and y", "return y"),
    "part of a condition": ("return x and y and dim", "return x and dim"),
    "axis by keyword": ("return x.sum(dim=dim)", "return x.sum(dim=-1)"),
    "axis by position": ("return x.sum(dim)", "return x.sum(0)"),
    "axis as a number": ("return x.sum(1)", "return x.sum(0)"),
    "new axis": ("return x[:, None]", "return x[None, :]"),
    "transpose": ("return x.mT", "return x"),
    "range": ("return range(len(x))", "return range(len(x) - 1)"),
    "end of a range": ("return range(y, len(x))", "return range(y, len(x) - 1)"),
    "slice": ("return x[:y]", "return x[:y - 1]"),
    "start of a slice": ("return x[y:]", "return x[y + 1:]"),
    "dropped call": ("return x.exp()", "return x"),
    "dropped function": ("return math.sqrt(x)", "return x"),
    "triangle": ("return x.triu()", "return x.tril()"),
    "opposite": ("return x.amax(0)", "return x.amin(0)"),
    "swapped arguments": ("return g(x, y)", "return g(y, x)"),
    "swapped results": ("return (x, y)", "return (y, x)"),
    "guard": ("if x: y()", "if False:\n        y()"),
    "no guard": ("if x: y()", "if True:\n        y()"),
    "branch": ("return x if dim else y", "return y"),
    "other branch": ("return x if dim else y", "return x"),
    "loop": ("while x: y()", "while False:\n        y()"),
    "filter": ("return [a for a in x if a]", "return [a for a in x]"),
    "state": ("x.t = y", "pass"),
    "text": ("return x == 'mean'", "return x == ''"),
    "no text": ("return x == ''", "return x == '?'"),
    "bytes": ("return x == b''", "return x == b'?'"),
    "sort key": ("return sorted(x, key=y)", "return sorted(x)"),
    "dtype": ("return g(2, dtype=x.dtype)", "return g(2)"),
    "generator": ("return g(2, generator=y)", "return g(2)"),
    "break": ("for a in x: break", "for a in x:\n        continue"),
    "no break": ("for a in x: break", "for a in x:\n        pass"),
    "continue": ("for a in x: continue", "for a in x:\n        break"),
    "no continue": ("for a in x: continue", "for a in x:\n        pass"),
}
NEVER = {
    "docstring": '"""Add 1 to x."""',
    "raised message": 'raise ValueError(f"{x + 1} is more than 2", 3)',
    "annotation": "z: tuple[int, Literal[3]]",
    "assertion": "assert x < y + 1",
    "formatted text": 'return f"{x - 1}"',
    "exact zip": "return zip(*x, strict=True)",
    "members of a set": "return isinstance(x, (int, float))",
    "casts": "return float(x)",
}


def made(body: str) -> list[Mutant]:
    """The mutants of a function with this body."""
    return mutants(f"import math\n\ndef f(x, y, dim):\n    {body}\n")


@pytest.mark.parametrize("kind", MADE)
def test_every_kind_of_change_is_made(kind: str) -> None:
    """Operators, constants, comparisons, axes, off by one, dropped terms, swapped arguments."""
    body, wanted = MADE[kind]
    changed = f"import math\n\ndef f(x, y, dim):\n    {wanted}"
    assert changed in [mutant.source for mutant in made(body)]


@pytest.mark.parametrize("kind", NEVER)
def test_what_no_check_looks_at_stays(kind: str) -> None:
    """Docstrings, messages, annotations, assertions and casts are left as they are."""
    assert made(NEVER[kind]) == []


def test_what_a_call_says_to_a_person_stays() -> None:
    """The text of a warning is not changed; whether it is given is."""
    assert [m.source.split("\n")[-1] for m in made('warnings.warn("a")')] == ["    pass"]


def test_a_mode_by_default_stays() -> None:
    """A text that is a default is not changed: "" would often mean the same."""
    names = [mutant.name for mutant in mutants('def f(x, mode="none"):\n    return g(x, mode)\n')]
    assert not any("mode=" in name for name in names)


def test_more_that_stays() -> None:
    """Imports, decorators, a printed form and what only a type checker reads are left alone."""
    source = (
        "from typing import TYPE_CHECKING, Literal\n"
        "from dataclasses import dataclass\n"
        "if TYPE_CHECKING:\n    LIMIT = 3\n"
        "Kind = Literal[1, 2]\n"
        "@dataclass(frozen=True)\nclass A:\n"
        "    def __repr__(self):\n        return str(1 + self.x)\n"
    )
    assert mutants(source) == []


def test_a_name_says_where_and_what() -> None:
    """The function, the piece before and after; a default by its parameter; the line apart."""
    found = mutants("class A:\n    def f(self, x, eps=1e-05):\n        return x.mean(0) / eps\n")
    names = {mutant.name: mutant.line for mutant in found}
    assert names["A.f: eps=1e-05 -> eps=2e-05"] == 2
    assert names["A.f: x.mean(0) / eps -> x.mean(0) * eps"] == 3


def test_names_stay_while_lines_move() -> None:
    """Comments and blank lines change no name, and no mutant."""
    source = "def f(x):\n    return x + 1\n\n\ndef g(x):\n    return x + 1\n"
    moved = "# first\n\n" + source.replace("return", "# why\n    return")
    assert [m.name for m in mutants(source)] == [m.name for m in mutants(moved)]
    assert [m.source for m in mutants(source)] == [m.source for m in mutants(moved)]


def test_the_same_change_twice_has_two_names() -> None:
    """A change that can be made in two places of a function is counted."""
    names = [mutant.name for mutant in made("a = x + y\n    b = x + y")]
    assert "f: x + y -> x - y" not in names  # so short a piece is shown with its statement
    body = "a = g(xs[first] + ys[first])\n    b = g(xs[first] + ys[first])"
    again = [mutant.name for mutant in made(body)]
    assert "f: xs[first] + ys[first] -> xs[first] - ys[first]" in again
    assert "f: xs[first] + ys[first] -> xs[first] - ys[first] (2)" in again


def test_equal_programs_are_one_mutant() -> None:
    """What comes out the same by two changes is made once, and never the solution itself."""
    found = made("x = x + y\n    return x")
    sources = [mutant.source for mutant in found]
    assert len(sources) == len(set(sources))
    assert sum("x = x\n" in text or "pass\n" in text for text in sources) == 1
    assert not any("+ 0" in mutant.source for mutant in made("return x + 1"))


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.parent.name)
def test_mutants_of_every_solution(path: Path) -> None:
    """Every mutant of a shipped solution is a program of its own, with a name of its own."""
    source = path.read_text("utf-8")
    found = mutants(source)
    plain = ast.dump(ast.parse(source))
    dumps = [ast.dump(ast.parse(mutant.source)) for mutant in found]
    assert len(found) >= 10
    assert plain not in dumps
    assert len(set(dumps)) == len(dumps)
    assert len({mutant.name for mutant in found}) == len(found)
    assert [mutant.line for mutant in found] == sorted(mutant.line for mutant in found)
