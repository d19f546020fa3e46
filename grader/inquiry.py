"""Which known mistake is behind an answer: each sits for the failing checks in its place."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from llmex.grader import diagnosis, suite
from llmex.grader.job import Job, Subject
from llmex.grader.remembered import Remembered
from llmex.grader.report import Diagnosis
from llmex.grader.seat import Seat
from llmex.grader.suite import Ran

Seated = Callable[[Subject, Job], Seat]


def inquire(job: Job, seated: Seated, learner: Sequence[Ran]) -> Diagnosis | None:
    """Name the mistake that explains what `learner` did, or keep silent.

    Only the failing checks run with every mistake; those whose evidence is the learner's there run
    in the others too, for the pattern. What mistakes do is remembered between commands.
    """
    learner = [one for one in learner if one.check.name not in job.long]
    names = diagnosis.failing(learner)
    if not job.mistakes or job.solution is None or not names:
        return None
    known = Remembered(job)
    _find_out(job, seated, known, (job.solution, *job.mistakes), names)
    right = known.of(job.solution, names)
    again = {mistake.label: known.of(mistake, names) for mistake in job.mistakes}
    alike = diagnosis.suspects(learner, right, again)
    suspects = [mistake for mistake in job.mistakes if mistake.label in alike]
    others = [one.check.name for one in learner if one.check.outcome == "passed"]
    _find_out(job, seated, known, suspects, others)
    known.save()
    whole = {m.label: [*again[m.label], *known.of(m, others)] for m in suspects}
    named = diagnosis.explain(learner, right, whole)
    says = next((mistake.says for mistake in suspects if mistake.label == named), "")
    return Diagnosis(named, says, len(names)) if named else None


def _find_out(
    job: Job, seated: Seated, known: Remembered, subjects: Sequence[Subject], names: Sequence[str]
) -> None:
    """Run the checks `names` for those subjects of which it is not known what they do there."""
    missing = known.missing(subjects, names)
    if not missing or not names:
        return
    only = tuple(name for name in job.checks if name in names)
    again = dataclasses.replace(job, subjects=tuple(missing), only=only)
    seats = [seated(subject, again) for subject in missing]
    session = suite.run(again, seats, lambda *_: None)
    for seat in seats:
        seat.close()
    known.note(session.ran)
