"""The small changes that make a mutant: what may stand in the place of one piece of a program."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

T = TypeVar("T", bound=ast.AST)

_OPERATORS: dict[type[ast.AST], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.MatMult: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip
_COMPARISONS: dict[type[ast.AST], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_TERMS = (
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.BitOr, ast.BitAnd,
)  # fmt: skip
_EITHER_WAY = (ast.Add, ast.Mult, ast.BitAnd, ast.BitOr, ast.BitXor)
_OPPOSITES = dict(
    word
    for pair in (
        "min max,any all,amin amax,argmin argmax,floor ceil,maximum minimum,triu tril,sin cos,"
        "zeros ones,zeros_like ones_like,sum mean"
    ).split(",")
    for one, other in [pair.split()]
    for word in ((one, other), (other, one))
)
_SYMMETRIC = {
    "min", "max", "minimum", "maximum", "isinstance", "issubclass", "hypot", "gcd", "lcm",
    "promote_types", "result_type", "transpose", "swapaxes", "swapdims", "equal", "allclose",
    "union", "intersection", "cast", "TypeVar",
}  # fmt: skip
# Functions that only turn a value into another kind of the same, which a check accepts too.
_CASTS = {
    "list", "tuple", "float", "int", "str", "bytes", "bool", "iter", "dict", "item", "contiguous",
    "cast", "super", "range", "len", "type", "TypeVar", "Parameter",
}  # fmt: skip
_DROPPED = {"key", "dtype", "generator"}
_AXES = {"dim", "axis", "dims", "axes"}


def changes(node: ast.AST, parent: ast.AST, modules: frozenset[str]) -> Iterator[ast.AST]:
    """What may stand in the place of `node` below `parent`, one small change each.

    `modules` are the names of imported modules: `math.exp` is no method of a value.
    """
    for new in _changes(node, modules):
        if not _is_another(new, node, parent):
            yield new


def _is_another(new: ast.AST, node: ast.AST, parent: ast.AST) -> bool:
    """Whether another change makes the same: `n + 0` is `n`, `f(x)` alone does no less than `x`."""
    match parent, new:
        case ast.BinOp(op=ast.Add() | ast.Sub()), ast.Constant(value=0):
            return True
        case ast.arguments(), ast.Constant(value=str()):
            return True  # a mode by default, which is often what is left when no other is asked for
        case ast.BinOp(op=ast.Mult()), ast.Constant(value=1):
            return True
        case ast.BinOp(op=ast.Div() | ast.Pow()), ast.Constant(value=1):
            return parent.right is node
    return isinstance(parent, ast.Expr)


def _changes(node: ast.AST, modules: frozenset[str]) -> Iterator[ast.AST]:
    if isinstance(node, ast.Call):
        yield from _called(node, modules)
    for kind, change in _CHANGES:
        if isinstance(node, kind):
            yield from change(node)


def _constant(node: ast.Constant) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield from (_number(value + step) for step in (1, -1))
    elif isinstance(value, (float, complex)):
        yield ast.Constant(2 * value if value else 1.0)
    elif isinstance(value, str):
        yield ast.Constant("" if value else "?")
    elif isinstance(value, bytes):
        yield ast.Constant(b"" if value else b"?")


def _number(value: int) -> ast.expr:
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def _unary(node: ast.UnaryOp) -> Iterator[ast.expr]:
    """The operand without its sign, and a negative number one more or less."""
    yield node.operand
    inner = node.operand
    if isinstance(node.op, ast.USub) and isinstance(inner, ast.Constant) and _is_int(inner):
        assert isinstance(inner.value, int)
        yield from (_number(-inner.value + step) for step in (1, -1))


def _binary(node: ast.BinOp) -> Iterator[ast.expr]:
    """Another operator, one of the two terms alone, the terms the other way round."""
    if isinstance(node.left, ast.JoinedStr) or _is_text(node.left) or _is_text(node.right):
        return
    kind = type(node.op)
    if kind in _OPERATORS:
        yield _with(node, op=_OPERATORS[kind]())
    if kind in _TERMS:
        yield node.left
    if kind in _EITHER_WAY:
        yield node.right
    else:
        yield _with(node, left=node.right, right=node.left)


def _accumulated(node: ast.AugAssign) -> Iterator[ast.stmt]:
    kind = type(node.op)
    if kind in _OPERATORS:
        yield _with(node, op=_OPERATORS[kind]())
    yield ast.Pass()
    yield ast.Assign([node.target], node.value, lineno=node.lineno)


def _boolean(node: ast.BoolOp) -> Iterator[ast.expr]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for place in range(len(node.values)):
        rest = node.values[:place] + node.values[place + 1 :]
        yield rest[0] if len(rest) == 1 else _with(node, values=rest)


def _compared(node: ast.Compare) -> Iterator[ast.expr]:
    for place, op in enumerate(node.ops):
        for other in _COMPARISONS[type(op)]:
            yield _with(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])


def _called(node: ast.Call, modules: frozenset[str]) -> Iterator[ast.expr]:
    """The opposite function, the argument or object alone, arguments swapped, ranges one short."""
    func, plain = node.func, not any(isinstance(arg, ast.Starred) for arg in node.args)
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    if name in _OPPOSITES and isinstance(func, ast.Attribute):
        yield _with(node, func=_with(func, attr=_OPPOSITES[name]))
    elif name in ("min", "max", "any", "all"):
        yield _with(node, func=ast.Name(_OPPOSITES[name]))
    if name not in _CASTS:
        yield from _uncalled(node, modules)
    if plain and name not in _SYMMETRIC:
        yield from (_with(node, args=args) for args in _swapped(node.args))
    if name == "range" and plain:
        stop = min(len(node.args), 2) - 1
        yield from (_with(node, args=args) for args in _moved(node.args, stop, -1))
    for word in node.keywords:
        if word.arg in _DROPPED:
            yield _with(node, keywords=[other for other in node.keywords if other is not word])
    for place, arg in enumerate(node.args):
        if isinstance(arg, ast.Name) and arg.id in _AXES:
            others = [[*node.args[:place], _number(n), *node.args[place + 1 :]] for n in (0, -1)]
            yield from (_with(node, args=args) for args in others)


def _uncalled(node: ast.Call, modules: frozenset[str]) -> Iterator[ast.expr]:
    """`x` for `x.exp()` and for `math.exp(x)`."""
    func = node.func
    if isinstance(func, ast.Attribute) and not _is_module(func.value, modules):
        yield func.value
        return
    if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        yield node.args[0]


def _is_module(node: ast.expr, modules: frozenset[str]) -> bool:
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name) and node.id in {*modules, "self", "cls"}


def _slice(node: ast.Slice) -> Iterator[ast.expr]:
    """A bound one later or one earlier, where it is not a number itself."""
    for field, step in (("lower", 1), ("upper", -1)):
        bound = getattr(node, field)
        if bound is not None:
            yield from (_with(node, **{field: new}) for (new,) in _moved([bound], 0, step))


def _moved(args: list[ast.expr], place: int, step: int) -> Iterator[list[ast.expr]]:
    """The arguments with one of them larger or smaller by one, unless a number in it is changed."""
    arg = args[place] if args else None
    if arg is None or any(isinstance(n, ast.Constant) and _is_int(n) for n in _top(arg)):
        return
    op = ast.Add() if step > 0 else ast.Sub()
    yield [*args[:place], ast.BinOp(arg, op, ast.Constant(1)), *args[place + 1 :]]


def _top(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [*_top(node.left), *_top(node.right)]
    return _top(node.operand) if isinstance(node, ast.UnaryOp) else [node]


def _swapped(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """The items with two neighbours in each other's place."""
    for i in range(len(items) - 1):
        if not any(isinstance(item, ast.Starred) for item in items[i : i + 2]):
            yield [*items[:i], items[i + 1], items[i], *items[i + 2 :]]


def _branch(node: ast.AST) -> Iterator[ast.AST]:
    """A branch that is always or never taken, a loop that never runs, a filter that is left out."""
    match node:
        case ast.If():
            yield from (_with(node, test=ast.Constant(value)) for value in (False, True))
        case ast.While() if not isinstance(node.test, ast.Constant):
            yield _with(node, test=ast.Constant(False))
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.comprehension():
            for place in range(len(node.ifs)):
                yield _with(node, ifs=node.ifs[:place] + node.ifs[place + 1 :])


def _statement(node: ast.AST) -> Iterator[ast.AST]:
    """A statement that is left out, a loop that ends or goes on."""
    match node:
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]):
            yield ast.Pass()
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _uses(value, name):
            yield ast.Pass()
        case ast.Break():
            yield from (ast.Continue(), ast.Pass())
        case ast.Continue():
            yield from (ast.Break(), ast.Pass())


def _axis(node: ast.keyword) -> Iterator[ast.AST]:
    """A number in the place of the axis that was asked for."""
    if node.arg in _AXES and isinstance(node.value, ast.Name) and node.value.id in _AXES:
        yield from (_with(node, value=_number(n)) for n in (0, -1))


def _transposed(node: ast.Attribute) -> Iterator[ast.AST]:
    if node.attr in ("T", "mT", "H", "mH"):
        yield node.value


def _tuple(node: ast.Tuple) -> Iterator[ast.AST]:
    if isinstance(node.ctx, ast.Load):
        yield from (_with(node, elts=elts) for elts in _swapped(node.elts))


def _uses(value: ast.expr, name: str) -> bool:
    return any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(value))


def _is_int(node: ast.Constant) -> bool:
    return isinstance(node.value, int) and not isinstance(node.value, bool)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes))
    )


def _with(node: T, **fields: object) -> T:
    """A copy of the node with other fields; what is below is shared, and only read."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


_CHANGES: tuple[tuple[Any, Callable[[Any], Iterator[ast.AST]]], ...] = (
    (ast.Constant, _constant),
    (ast.UnaryOp, _unary),
    (ast.BinOp, _binary),
    (ast.AugAssign, _accumulated),
    (ast.BoolOp, _boolean),
    (ast.Compare, _compared),
    (ast.keyword, _axis),
    (ast.Attribute, _transposed),
    (ast.Slice, _slice),
    (ast.Tuple, _tuple),
    ((ast.If, ast.While, ast.IfExp, ast.comprehension), _branch),
    (ast.stmt, _statement),
)
