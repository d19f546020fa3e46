"""Values cross to an answer and back; a changed argument is seen and comes back."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.answers import (
    ArgumentChanged,
)


def test_values_come_back_fresh_and_exact(learner: Any) -> None:
    """Types, identity within a call, and options by name."""
    assert learner.identity({"a": (1, [2.0])}) == {"a": (1, [2.0])}
    assert learner.identity(a=1, b=None) == {"a": 1, "b": None}
    assert learner.kinds(1, 1.0, np.float32(1), [1], (1,), np.ones(1), torch.ones(1)) == [
        "int", "float", "float32", "list", "tuple", "ndarray", "Tensor",
    ]  # fmt: skip
    array = np.arange(3.0)
    left, right = learner.pair(array * 2)
    assert left is right
    assert learner.is_same(array, array)
    assert not learner.is_same(array, array.copy())
    assert learner.value("LIMITS") == {"low": [1, 2], "high": (3,)}
    assert learner.has("Value")
    assert not learner.has("value")


def test_an_argument_that_is_returned_is_the_suites_own(learner: Any) -> None:
    """Identity survives the way there and back."""
    for value in (np.ones(2), torch.ones(2), [1], {"a": 1}):
        assert learner.identity(value) is value


def test_layout_reaches_the_answer(learner: Any) -> None:
    """A transposed tensor arrives transposed: `.view` fails there as it does here."""
    x = torch.zeros(3, 4).T
    assert learner.contiguous(x) == (False, x.stride())


def test_what_cannot_be_sent_is_the_suites_error(learner: Any) -> None:
    """An object of the judge's own is refused by a TypeError, not by a fault of the learner's."""
    with pytest.raises(TypeError, match="cannot cross"):
        learner.identity(object())
    assert learner.identity(1) == 1


@pytest.mark.parametrize(
    ("name", "args", "finding"),
    [
        ("add_", (np.ones(3),), "Your function changed its input `x`."),
        ("add_", (torch.ones(3),), "Your function changed its input `x`."),
        ("add_", (np.ones(50_000),), "Your function changed its input `x`."),
        ("sort_", ([3, 1, 2],), "Your function changed its input `xs`."),
        ("put", ({"a": 1}, "b", 2), "Your function changed its input `d`."),
        ("deep", ({"layers": [{}, {"W": np.ones(2)}]},),
         "Your function changed its input `params['layers'][1]['W']`."),
    ],
)  # fmt: skip
def test_a_changed_argument_fails_by_itself(
    learner: Any, name: str, args: tuple[Any, ...], finding: str
) -> None:
    """Arrays, tensors, lists, dicts and what lies in them; the parameter is named."""
    with pytest.raises(ArgumentChanged) as caught:
        getattr(learner, name)(*args)
    assert caught.value.finding.english() == finding


def test_inplace_calls_write_into_the_suites_objects(learner: Any) -> None:
    """The suite's own array, tensor, parameter, list and dict take the new values."""
    array, tensor = np.ones((2, 3)), torch.ones(2)
    assert learner.inplace.add_(array) is array
    assert (array == 2).all()
    learner.inplace.add_(tensor, y=2.0)
    assert tensor.tolist() == [3, 3]
    parameter = torch.nn.Parameter(torch.zeros(500, 40))
    learner.inplace.fill_(parameter)
    assert 0.9 < float(parameter.detach().std()) < 1.1
    assert parameter.is_leaf
    numbers, table = [3, 1, 2], {"a": 1}
    learner.inplace.sort_(numbers)
    learner.inplace.put(table, "b", numbers)
    assert numbers == [1, 2, 3]
    assert table["b"] is numbers  # type: ignore[comparison-overlap]


def test_a_reordered_list_keeps_its_own_items(learner: Any) -> None:
    """Items of a changed container that came from the suite are the suite's own again."""
    first, second = np.ones(2), np.zeros(3)
    items = [first, second]
    learner.inplace.shuffle(items)
    assert items[0] is second
    assert items[1] is first


def test_not_a_number_is_no_change(learner: Any) -> None:
    """NaN arguments, also complex ones and next to a generator, are compared by their bits."""
    nan = float("nan")
    rng = np.random.default_rng(0)
    learner.identity([nan, complex(nan, 1), np.float32(nan)], {"x": np.array([nan])}, rng)
    learner.call(learner.draw, rng)


def test_views_that_are_not_contiguous_take_changes(learner: Any) -> None:
    """A changed transposed array is written through to its base."""
    base = np.zeros((2, 3))
    learner.inplace.add_(base.T)
    assert (base == 1).all()


def test_generators_come_back_advanced(learner: Any) -> None:
    """NumPy's, torch's and Python's generators go on, and that is no change of an argument."""
    rng, twin = np.random.default_rng(5), np.random.default_rng(5)
    assert learner.draw(rng) == twin.random()
    assert learner.draw(rng) == twin.random()
    assert rng.random() == twin.random()
    generator, other = torch.Generator().manual_seed(1), torch.Generator().manual_seed(1)
    assert torch.equal(learner.torch_draw(generator), torch.rand(3, generator=other))
    assert torch.equal(learner.torch_draw(generator), torch.rand(3, generator=other))
    python, again = random.Random(3), random.Random(3)
    for _ in range(3):
        assert learner.gauss(python) == again.gauss(0, 1)
        again.gauss_next = None  # type: ignore[attr-defined]  # the second of a pair is dropped
