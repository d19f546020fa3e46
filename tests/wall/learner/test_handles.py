"""Handles: what cannot cross stays with the answer and is used from afar."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from llmex.grader.answers import (
    AnswerMissing,
    AnswerRaised,
)
from llmex.grader.handles import Handle


def test_operators_reach_the_object(learner: Any) -> None:
    """Arithmetic, also reflected, comparisons, abs, neg and repr are the answer's own."""
    a, b = learner.Value(3), learner.Value(4)
    assert (a + b).data == 7
    assert (2 + a).data == 5
    assert (10 - a * b).data == -2
    assert (-a).data == -3
    assert (a**2).data == 9
    assert a @ b == "matmul"
    assert 1 @ a == "rmatmul"
    assert a < b
    assert a == 3
    assert a != b
    assert abs(-a) == 3
    assert (np.float64(2) * a).data == 6
    assert str(a) == "Value(3)"
    with pytest.raises(AnswerRaised, match="TypeError"):
        _ = a / 2
    a += 1
    assert a.data == 4


def test_attributes_are_read_set_and_missed(learner: Any) -> None:
    """A set attribute is there; a missing one shows what the object has, and hasattr is False."""
    a = learner.Value(3)
    a.data = 5
    assert a.data == 5
    assert not hasattr(a, "nothing")
    m = learner.LayerNorm(4)
    with pytest.raises(AnswerMissing) as caught:
        _ = m.weight
    assert caught.value.finding.english() == (
        "`LayerNorm` has no attribute `weight`; it has `gamma`, `beta`, `steps`."
    )


def test_the_same_object_is_the_same_handle(learner: Any) -> None:
    """Identity in the worker is identity in the judge; a handle as an argument is the object."""
    a = learner.Value(1)
    assert a.itself() is a
    assert learner.is_same(a, a)
    assert learner.same(a, a.itself())
    assert not learner.same(a, learner.Value(1))
    assert len({a, a.itself()}) == 1


def test_class_methods_and_functions_are_things_too(learner: Any) -> None:
    """A class of the answer has attributes; functions of it can be arguments and results."""
    assert learner.Value.zero().data == 0
    assert learner.call(learner.kinds, 1) == ["int"]
    assert learner.make_adder(2)(3) == 5
    assert learner.call(learner.Value(4).itself).data == 4


def test_containers_iterate_index_and_close(learner: Any) -> None:
    """len, [], in, del, iteration, truth and `with` act on the object."""
    box = learner.Box({"a": 1})
    box["b"] = 2
    assert (len(box), box["b"], "b" in box, "c" in box) == (2, 2, True, False)
    del box["b"]
    assert list(box) == ["a"]
    assert box
    assert not learner.Box({})
    with box as entered:
        assert entered is box
        assert box.open
    assert not box.open
    with pytest.raises(ZeroDivisionError), box:
        _ = 1 / 0
    assert box.error == "ZeroDivisionError: division by zero"


def test_methods_make_no_handles(learner: Any) -> None:
    """Reading a method again and again leaves nothing behind in the worker."""
    a = learner.Value(1)
    for _ in range(3):
        assert a.itself() is a
    assert len(learner._link.crossing.things) == 1


def test_dropped_handles_are_freed_in_the_worker(seat: Any) -> None:
    """An object whose handle the judge forgets lives no longer than the next request."""
    learner = seat("""
        import weakref
        class A: pass
        alive = weakref.WeakSet()
        def make():
            a = A()
            alive.add(a)
            return a
        def count(): return len(alive)
    """)
    kept = learner.make()
    for _ in range(10):
        learner.make()
    gc.collect()
    assert learner.count() == 1
    del kept
    gc.collect()
    assert learner.count() == 0


def test_generators_of_the_answer_are_lazy(learner: Any) -> None:
    """Items are made one by one, and an iterator of the suite is asked one by one."""
    asked = []

    def words() -> Iterator[str]:
        for word in ["a", "b", "c"]:
            asked.append(word)
            yield word

    chunks = learner.chunks(words())
    assert next(chunks) == "A"
    assert asked == ["a"]
    assert list(chunks) == ["B", "C"]
    assert learner.take(iter([1, 2, 3]), 2) == [1, 2]


def test_keep_gives_a_handle_instead_of_a_value(learner: Any) -> None:
    """What could cross by value can be kept where it is, by call or by path."""
    kept = learner.keep.identity({"a": [1, {"b": 2}]})
    assert type(kept) is Handle
    inner = learner.handle(kept, "a", 1)
    inner["b"] = 3
    assert kept["a"] == [1, {"b": 3}]
    assert learner.handle(learner.Value(2), "data").remote_type == "int"
