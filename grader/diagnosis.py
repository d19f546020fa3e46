"""Name the known mistake behind an answer, on evidence, or keep silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from llmex.grader import compare
from llmex.grader.suite import Ran

Runs = Mapping[str, Sequence[Ran]]


def failing(ran: Sequence[Ran]) -> list[str]:
    """The names of the checks that failed, in order."""
    return [one.check.name for one in ran if one.check.outcome == "failed"]


def suspects(learner: Sequence[Ran], solution: Sequence[Ran], mistakes: Runs) -> list[str]:
    """The mistakes whose evidence is the learner's on every failing check.

    Empty when the solution's evidence is the same on one of them: then that check is no evidence.
    """
    names = failing(learner)
    mine, right = _by_name(learner), _by_name(solution)
    if not names or any(_same(mine[name], right.get(name)) for name in names):
        return []
    return [
        label
        for label, ran in mistakes.items()
        if all(_same(mine[name], _by_name(ran).get(name)) for name in names)
    ]


def same_pattern(learner: Sequence[Ran], mistake: Sequence[Ran]) -> bool:
    """Whether both pass and fail the same checks; what the learner has not written is left out."""
    theirs = _by_name(mistake)
    return all(
        one.check.name in theirs and theirs[one.check.name].check.outcome == one.check.outcome
        for one in learner
        if one.check.outcome in ("passed", "failed")
    )


def explain(learner: Sequence[Ran], solution: Sequence[Ran], mistakes: Runs) -> str | None:
    """Name the known mistake whose evidence is the learner's on every failing check.

    None when no mistake's is, when several are, when its pattern of passed and failed checks is
    another, or when the solution's evidence is the same: then the checks are no evidence.
    """
    found = [
        label
        for label in suspects(learner, solution, mistakes)
        if same_pattern(learner, mistakes[label])
    ]
    return found[0] if len(found) == 1 else None


def _by_name(ran: Sequence[Ran]) -> dict[str, Ran]:
    return {one.check.name: one for one in ran}


def _same(mine: Ran, other: Ran | None) -> bool:
    return (
        other is not None
        and mine.check.outcome == other.check.outcome
        and compare.same_evidence(mine.evidence, other.evidence)
    )
