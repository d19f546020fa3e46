"""An exercise is found by a part of its name, and an unclear name lists the candidates."""

from __future__ import annotations

from pathlib import Path

import pytest

from llmex.grader.catalog import load_course
from llmex.grader.errors import LlmexError
from llmex.grader.names import resolve
from tests.catalog.ground import change


@pytest.mark.parametrize(
    "text",
    [
        "stable-softmax",
        "stable_softmax",
        "Stable-Softmax",
        " stable-softmax ",
        "networks/stable_softmax.py",
        "./networks/stable_softmax.md",
        "/home/x/ws/networks/stable_softmax.py",
        "networks.stable_softmax",
        "networks\\stable_softmax.py",
        "networks/stable-softmax/",
        "stable",
        "soft-max-2000",
    ],
)
def test_find(root: Path, text: str) -> None:
    """An id is found by itself, its file, its module name, an old id, a part of it."""
    change(root, aliases=["soft-max-2000"])
    assert load_course(root).find(text) == "stable-softmax"


def test_an_exact_id_wins_over_a_part(root: Path) -> None:
    """`norm` is the exercise norm, though layer-norm has it too."""
    change(root, "array-basics", aliases=["norm"])
    assert load_course(root).find("norm") == "array-basics"
    assert load_course(root).find("layer") == "layer-norm"


def test_the_order_of_names() -> None:
    """An id comes before an old id, an old id before a part; old ids are only read if needed."""
    ids = ("layer-norm", "norm", "rms-norm")
    assert resolve("norm", ids, lambda: pytest.fail("not needed")) == "norm"
    assert resolve("rms", ids, lambda: {"rms": "norm"}) == "norm"
    assert resolve("rms", ids, lambda: {"rm": "norm"}) == "rms-norm"


@pytest.mark.parametrize(
    ("count", "problem"),
    [
        (6, "'x' could be x-0, x-1, x-2, x-3, x-4, x-5."),
        (8, "'x' could be x-0, x-1, x-2, x-3, x-4, x-5 or 2 others."),
    ],
)
def test_a_long_list_of_candidates_is_cut(count: int, problem: str) -> None:
    """Six candidates are named, the rest are counted."""
    with pytest.raises(LlmexError) as caught:
        resolve("x", [f"x-{i}" for i in range(count)], dict)
    assert caught.value.problem.english() == problem


def test_an_exercise_is_asked_for_by_its_whole_id(root: Path) -> None:
    """`exercise` takes no part of an id for the whole."""
    with pytest.raises(LlmexError, match=r"no exercise 'stable'.\nDid you mean stable-softmax"):
        load_course(root).exercise("stable")


def test_an_unclear_name_lists_the_candidates(root: Path) -> None:
    """A part of two ids is a question, not a guess."""
    with pytest.raises(LlmexError, match="'softmax' could be stable-softmax, log-softmax"):
        load_course(root).find("softmax")


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("lager-norm", "layer-norm"),
        ("softmx", "stable-softmax"),
        ("lgo-softmax", "log-softmax"),
        ("arr-bascs", "array-basics"),
    ],
)
def test_a_slip_gets_a_suggestion(root: Path, text: str, near: str) -> None:
    """A misspelt name names its neighbour and how to see all."""
    with pytest.raises(LlmexError, match=f"Did you mean {near}. .*llmex list") as caught:
        load_course(root).find(text)
    assert caught.value.problem.english() == f"There is no exercise '{text}'."


@pytest.mark.parametrize("text", ["", "zzzz", "..", "/"])
def test_nothing_near(root: Path, text: str) -> None:
    """Where nothing is near, nothing is suggested."""
    with pytest.raises(LlmexError) as caught:
        load_course(root).find(text)
    assert "Did you mean" not in str(caught.value)
    assert "llmex list" in str(caught.value)
