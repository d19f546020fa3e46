"""How Python writes a call on an object: `a + b`, `-a`, `m[0]`, `m.name = 1`, `m.forward(x)`."""

from __future__ import annotations

from llmex.grader.worker.operators import SIGNS


def expression(callee: str, given: list[str]) -> str:
    """A call, or the operator that the callee names after its last dot ("m.+", "m.getitem")."""
    owner, _, verb = callee.rpartition(".")
    ways = _WAYS.get(len(given), {})
    if verb not in ways or (verb == "__setattr__" and not given[0][1:-1].isidentifier()):
        return f"{callee}({', '.join(given)})"
    if verb in _REFLECTED and given[0].startswith("-"):
        given = [f"({given[0]})"]
    plain = [part[1:-1] for part in given] if verb == "__setattr__" else []
    return ways[verb].format(*given, owner=owner, attribute=plain[0] if plain else "")


_BUILTINS = ("len", "iter", "next", "bool", "int", "float", "reversed")
_SIGNS = frozenset(SIGNS.values())
_REFLECTED = {f"__r{name}__": sign for name, sign in SIGNS.items()}
_BEFORE = {"__neg__": "-", "__pos__": "+", "__invert__": "~"}
# How each is written, by the number of its operands beside the object itself.
_WAYS: dict[int, dict[str, str]] = {
    0: {
        **{verb: f"{sign}{{owner}}" for verb, sign in _BEFORE.items()},
        **{verb: f"{verb.strip('_')}({{owner}})" for verb in ("__abs__", *_BUILTINS)},
    },
    1: {
        **{sign: f"{{owner}} {sign} {{0}}" for sign in _SIGNS},
        **{verb: f"{{0}} {sign} {{owner}}" for verb, sign in _REFLECTED.items()},
        **dict.fromkeys(("getitem", "[]"), "{owner}[{0}]"),
    },
    2: {
        **dict.fromkeys(("setitem", "[]="), "{owner}[{0}] = {1}"),
        "__setattr__": "{owner}.{attribute} = {1}",
    },
}
_READING = _SIGNS | _REFLECTED.keys() | _BEFORE.keys() | {"__abs__", "getitem"}


def only_reads(target: str) -> bool:
    """Whether a call is an operator that gives another value and leaves its object as it is."""
    return target.rpartition(".")[2] in _READING
