"""Values as Python: what is pasted gives every argument back, digit for digit."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from llmex.grader.as_python import COLUMNS, as_python, wrap
from llmex.grader.counterexample import call_as_python
from llmex.grader.trace import Mark, call_of

MODULE = "attention.answer"
rng = np.random.default_rng(3)


class Seen:
    """What pasted code called: every name is a function that keeps its arguments."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.args, self.kwargs = args, kwargs


def pasted(code: tuple[str, ...]) -> dict[str, Any]:
    """The names that the code leaves, with the answer's functions replaced by `Seen`."""
    space: dict[str, Any] = {}
    lines = []
    for line in code:
        if line.startswith(f"from {MODULE} import "):
            space.update(dict.fromkeys(line.split(" import ")[1].split(", "), Seen))
        else:
            lines.append(line)
    exec("\n".join(lines), space)
    return space


def same(a: Any, b: Any) -> bool:
    """Whether two values are the same digit for digit, dtype for dtype."""
    if isinstance(a, torch.Tensor):
        alike = a.dtype == b.dtype and a.requires_grad == b.requires_grad
        return alike and same(a.detach().float().numpy(), b.detach().float().numpy())
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and a.shape == b.shape and repr(a.tolist()) == repr(b.tolist())
    return type(a) is type(b) and repr(a) == repr(b)


ARGUMENTS: list[Any] = [
    rng.normal(size=(2, 3)),
    rng.normal(size=(2, 3)).astype(np.float32),
    rng.normal(size=5).astype(np.float16),
    rng.integers(0, 9, size=(3, 2)),
    np.array([True, False]),
    np.array([1, 2], np.uint8),
    np.array(2.5),
    np.array([1 + 2j]),
    np.zeros((0, 3)),
    np.zeros((0,), int),
    np.zeros((5, 6)),
    np.ones((5, 6), np.float32),
    np.full((3, 3), 7),
    np.full((3, 3), -0.0),
    np.array([0.0, -0.0] * 3),
    np.arange(60).reshape(3, 4, 5),
    np.arange(300, dtype=np.float32),
    np.array([np.nan, np.inf, -np.inf, 1e-300]),
    torch.randn(2, 3),
    torch.randn(2, 3, dtype=torch.float64),
    torch.randn(3).bfloat16(),
    torch.randn(3, requires_grad=True),
    torch.tensor([1, 2]),
    torch.tensor(1.5),
    torch.zeros(4, 5),
    torch.full((2, 3), 2.0),
    torch.full((2, 3), 2),
    torch.arange(40.0),
    torch.tensor([float("nan"), float("-inf")]),
    np.float32(0.1),
    np.int64(3),
    0.1,
    float("inf"),
    float("nan"),
    -3,
    2 - 1j,
    None,
    True,
    "it's \x1b \u202e \ud800 'quoted'",
    "word, " * 30,
    b"\x00\xff",
    [1, [2.5, "a"], (3,), ()],
    {"a": [1, 2], 3: None},
    {1, 2},
    set(),
    frozenset({1}),
    list(range(50)),
    slice(1, None),
    range(4),
    torch.bfloat16,
    np.dtype("float32"),
    [np.ones(2), 1],
]


@pytest.mark.parametrize("value", ARGUMENTS, ids=lambda v: f"{type(v).__name__}")
def test_arguments_can_be_pasted(value: Any) -> None:
    """Every small value, and large ones of a simple make, come back digit for digit."""
    code = call_as_python([call_of("f", (value,), {"key": value})], MODULE, "out")
    assert max(map(len, code)) <= 75  # behind the five columns of a screen
    seen = pasted(code)["out"]
    assert same(value, seen.args[0])
    assert same(value, seen.kwargs["key"])


@given(hnp.arrays(st.sampled_from([np.float64, np.float32, np.float16, np.int64, np.bool_]),
                  hnp.array_shapes(max_dims=3, max_side=3)))  # fmt: skip
def test_any_small_array_comes_back(array: Any) -> None:
    """Whatever is in a small array, the code gives it back digit for digit."""
    text = as_python(array, set())
    if text is None:
        assert array.size > 24
    else:
        lines = wrap(f"x = {text}")
        space: dict[str, Any] = {"np": np}
        exec("\n".join(lines), space)
        assert same(array, space["x"])
        assert max(map(len, lines)) <= COLUMNS


def test_many_names_are_imported_in_brackets() -> None:
    """An import or a call that fits no line is broken where Python lets it."""
    names = [Mark(f"a_function_with_a_long_name_{n}", text="function") for n in range(5)]
    code = call_as_python([call_of("apply_all_of_these", tuple(names))], MODULE, "out")
    assert max(map(len, code)) <= COLUMNS
    assert code[0].startswith(f"from {MODULE} import (")
    ast.parse("\n".join(code))
    assert wrap("x = " + "name." * 12 + "method(another_long_argument)") == [
        "x = " + "name." * 12 + "method(", "    another_long_argument)",
    ]  # fmt: skip
