"""The tags of nodes, the caps on them, and the builtin classes that cross by name."""

from __future__ import annotations

import builtins
from typing import Any

DEEPEST = 100
MOST_NODES = 4_000_000
LONGEST_INT = 1 << 16

REF, INT, COMPLEX, LIST, TUPLE, SET, FROZENSET, DICT, SLICE, ELLIPSIS, RANGE = range(11)
NP_DTYPE, TORCH_DTYPE, ARRAY, SCALAR, TENSOR, RANDOM, BUILTIN, DEVICE, FOREIGN, BYTEARRAY = range(
    11, 21
)

PLAIN = frozenset({type(None), bool, float, str, bytes})
FLAT = PLAIN | {int}
CONTAINERS: dict[type, int] = {list: LIST, tuple: TUPLE, set: SET, frozenset: FROZENSET}

_PLAIN_CLASSES = (bool, int, float, complex, str, bytes, list, tuple, dict, set, object)
BUILTINS: dict[Any, str] = {
    kind: name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and (kind in _PLAIN_CLASSES or issubclass(kind, BaseException))
}
