"""Mutants: the solution with one small change each, which a good suite tells from the solution."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from llmex.grader.author.mutations import changes

_TYPES = {
    "Any", "Callable", "Iterable", "Iterator", "Literal", "Mapping", "Optional", "Sequence",
    "Union", "dict", "frozenset", "list", "set", "tuple", "type",
}  # fmt: skip
_NEVER = (ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr)
_NOT_THERE = ("annotation", "returns", "decorator_list", "bases", "exc", "cause")
_ASIDE = ("TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__ == '__main__'")
_SETS = ("isinstance", "issubclass", "sum", "mean", "amax", "amin", "max", "min", "all", "any")
_SAYS = ("warn", "print", "cast", "TypeVar", "NewType", "namedtuple", "NamedTuple")
_TEXTS = ("__repr__", "__str__")
_SELF = re.compile(r"^(\s*)(\w+) = \2$", re.MULTILINE)
_SHORT, _LONG = 14, 80  # so long says where it stands; so long is too long to be shown
_WITHIN = (
    ast.expr, ast.keyword, ast.comprehension, ast.Assign, ast.AugAssign, ast.Return, ast.Expr,
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One small change of a solution.

    `name` stays the same while lines move: "softmax: x / t -> x * t", with a number if the same
    change can be made in several places of one function. `source` is the whole changed program.
    """

    name: str
    line: int
    source: str


@dataclass(frozen=True)
class _Slot:
    """A place in a tree that holds a node: a field of its parent, or an item of one."""

    parent: ast.AST
    field: str
    index: int | None

    def put(self, node: ast.AST) -> None:
        """Let `node` stand here."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


@dataclass(frozen=True)
class _Site:
    """A node that may be changed, where it stands, and what lies around it, outermost first."""

    slot: _Slot
    node: ast.AST
    around: tuple[ast.AST, ...]

    @property
    def line(self) -> int:
        """The line in the solution."""
        inner = (self.node, *reversed(self.around))
        return next((node.lineno for node in inner if hasattr(node, "lineno")), 1)

    @property
    def home(self) -> str:
        """The function or class in which it stands: `Value.backward`."""
        scopes = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return ".".join(node.name for node in self.around if isinstance(node, scopes)) or "module"


def mutants(source: str) -> list[Mutant]:
    """Every mutant of a solution, each different program once, in the order of the lines.

    Texts, annotations, imports, raised messages and decorators are left as they are.
    """
    tree = ast.parse(source)
    modules = frozenset(_modules(tree))
    plain = _plain(ast.unparse(tree))
    seen, names, found = {plain}, Counter[str](), []
    for site in sorted(_sites(tree, ()), key=lambda site: site.line):
        frame, option = _frame(site), _option(site)
        before = _text(frame)
        for new in changes(site.node, site.slot.parent, modules):
            site.slot.put(new)
            text = ast.unparse(ast.fix_missing_locations(tree))
            after = _text(new if frame is site.node else frame)
            site.slot.put(site.node)
            if _plain(text) in seen or not _parses(text):
                continue
            seen.add(_plain(text))
            name = f"{site.home}: {option}{before} -> {option}{after}"
            names[name] += 1
            number = f" ({names[name]})" if names[name] > 1 else ""
            found.append(Mutant(name + number, site.line, text))
    return found


def _plain(text: str) -> str:
    """The program without assignments of a name to itself, which do nothing."""
    return _SELF.sub(r"\1pass", text)


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = (alias.asname or alias.name for alias in node.names)
            yield from (name for name in names if name.islower())


def _sites(node: ast.AST, around: tuple[ast.AST, ...]) -> Iterator[_Site]:
    """Every place below `node` at which a change makes another program."""
    for field, value in ast.iter_fields(node):
        items: list[tuple[int | None, Any]] = [(None, value)]
        if isinstance(value, list):
            items = list(enumerate(value))
        for index, child in items:
            if isinstance(child, ast.AST) and not _is_fixed(node, field, child):
                inner = (*around, node)
                yield _Site(_Slot(node, field, index), child, inner)
                yield from _sites(child, inner)


def _is_fixed(parent: ast.AST, field: str, node: ast.AST) -> bool:
    """Whether this piece stays as it is: no check could, or should, look at it."""
    return (
        isinstance(node, _NEVER)
        or field in _NOT_THERE
        or _is_aside(parent)
        or _is_aside(node)
        or _is_unordered(parent, field, node)
        or (isinstance(parent, ast.keyword) and parent.arg == "strict")
        or (isinstance(parent, ast.Subscript) and field == "slice" and _is_type(parent.value))
        or (isinstance(parent, ast.UnaryOp) and isinstance(node, ast.Constant))  # -1 is one piece
        or (isinstance(parent, ast.Call) and _is_words(parent, node))
    )


def _is_aside(node: ast.AST) -> bool:
    """What only a reader or a type checker looks at."""
    match node:
        case ast.FunctionDef(name=name):
            return name in _TEXTS
        case ast.If(test=test):
            return ast.unparse(test) in _ASIDE
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.startswith("__")
    return False


def _is_unordered(parent: ast.AST, field: str, node: ast.AST) -> bool:
    """Whether the order within this tuple means nothing."""
    match parent:
        case _ if not isinstance(node, ast.Tuple):
            return False
        case ast.keyword(arg="dim" | "axis"):
            return True
        case ast.Compare():
            return field == "comparators"  # x in (a, b)
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in _SETS
    return False


def _is_words(call: ast.Call, node: ast.AST) -> bool:
    """Whether this is what a call says to a person or to a type checker."""
    name = ast.unparse(call.func).rpartition(".")[2]
    return name in _SAYS and isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_type(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id in _TYPES


def _frame(site: _Site) -> ast.AST:
    """What is shown of a change: the piece, with as much around it as it takes to know it again."""
    frame, wanted = site.node, isinstance(site.node, ast.Constant)
    for outer in reversed(site.around):
        known = len(_text(frame)) >= _SHORT and not wanted
        if known or not isinstance(outer, _WITHIN) or len(_text(outer)) > _LONG:
            break
        frame, wanted = outer, False
    return frame


def _text(node: ast.AST) -> str:
    """The piece in one line; of a block its head."""
    return ast.unparse(node).strip().partition("\n")[0]


def _option(site: _Site) -> str:
    """`name=` where the piece is the default of a parameter."""
    parent = site.slot.parent
    if site.slot.index is None or not isinstance(parent, ast.arguments):
        return ""
    if site.slot.field not in ("defaults", "kw_defaults"):
        return ""
    plain = [*parent.posonlyargs, *parent.args][-len(parent.defaults) :]
    named = plain if site.slot.field == "defaults" else parent.kwonlyargs
    return f"{named[site.slot.index].arg}="
