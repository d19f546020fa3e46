"""The comparator at its edges: just beyond a tolerance, other kinds of numbers, which place."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from llmex.grader.compare import CheckFailed, assert_close, assert_equal, recording, same_evidence

ONE = np.ones(2)
REFUSED: dict[str, tuple[Any, Any, dict[str, Any]]] = {
    "one and a half tolerances": (np.array([1.0, 1.15]), ONE, {"rtol": 0, "atol": 0.1}),
    "another imaginary part": (np.array([1 + 2j]), np.array([1 + 1j]), {}),
    "complex64": (np.array([1 + 5e-5j], np.complex64), np.array([1 + 0j], np.complex64), {}),
    "bfloat16": (torch.tensor([1.05]).bfloat16(), torch.tensor([1.0]).bfloat16(), {}),
    "numbers for truth": (np.array([1, 0]), np.array([True, False]), {"dtype": False}),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_a_little_off_is_refused(case: str) -> None:
    """Beyond the tolerance, in any part of a number, is wrong; so is another kind of value."""
    got, want, options = REFUSED[case]
    with pytest.raises(CheckFailed):
        assert_close(got, want, **options)


def test_texts_of_any_width_are_texts() -> None:
    """How long the longest text of an array may be is no difference."""
    assert_equal(np.array(["a", "b"], "U5"), np.array(["a", "b"]))


def test_the_first_of_several_wrong_arrays_is_shown() -> None:
    """The place is in the first array that is wrong."""
    with pytest.raises(CheckFailed) as caught:
        assert_close([ONE, 2 * ONE, 3 * ONE], [ONE, ONE, ONE])
    assert caught.value.counterexample_parts.where.startswith("[1]")


def test_a_tuple_is_another_evidence_than_a_list() -> None:
    """A check takes both for a list; two answers that differ in it are two."""
    with recording() as evidence:
        assert_close((1.0,), [1.0])
        assert_close([1.0], [1.0])
    assert not same_evidence(evidence[:1], evidence[1:])
    assert not same_evidence(evidence[1:], evidence[:1])
