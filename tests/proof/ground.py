"""How the tests of proofs prove."""

from __future__ import annotations

import dataclasses
from typing import Any

from llmex.grader.author import proof
from llmex.grader.author.proof import Gradients, Proof, Runs, Score, Spent
from llmex.grader.catalog import Course, Exercise


def proved(course: Course, exercise: Exercise, **changes: Any) -> Proof:
    """A proof that holds, with these fields changed."""
    good = Proof(
        schema=proof.SCHEMA,
        llmex="0.1.0",
        date="2026-01-01",
        seeds=Runs(200, 0, ("solution",)),
        mutants=Score(40, 38, 1, ("3 double: 2 * x -> 2 / x",)),
        gradients=Gradients(("double",), 3, 3),
        checks={"test_small": Spent(1.5, 0.0)},
        files=proof.hashes(course, exercise),
    )
    return dataclasses.replace(good, **changes)


def found(course: Course, exercise: Exercise) -> list[str]:
    """What the quick check says of the exercise's proof: each problem in one line."""
    return [error.problem.english() for error in proof.findings(course, exercise)]
