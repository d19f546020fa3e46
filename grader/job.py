"""What one session of a suite needs to know, as plain data that crosses to the judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SOLUTION, AGAIN = "solution", "again"  # labels: the reference, and the reference once more


@dataclass(frozen=True)
class Subject:
    """Anything that answers calls: an answer, a solution, an alternative, a mistake, a stub.

    `seed` is its own, in place of the job's. A `short` one is spared the exercise's long checks.
    `lent` names those modules among its sources that are public stand-ins.
    """

    label: str
    main: str
    sources: Mapping[str, str]
    says: str = ""
    seed: int | None = None
    short: bool = False
    lent: tuple[str, ...] = ()

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Subject:
        """The subject that `vars` of one made into plain data."""
        return cls(**{**plain, "sources": dict(plain["sources"])})


@dataclass(frozen=True)
class Job:
    """A suite, the subjects that sit for it, and the limits that hold.

    In the folder `cache` it is remembered what mistakes do, as long as `fingerprint` (of llmex's
    own code) is the same. With `survey` the result says what an author wants to know beyond the
    verdicts, with `measure` what every check cost. With `until_failure` a subject that has failed
    a check sits for no other. With `picture` nothing is judged: the stage draws. `data` are the
    paths of the exercise's data sets by name.
    """

    exercise: str
    suite: str
    imports: tuple[str, ...]
    checks: tuple[str, ...]
    subjects: tuple[Subject, ...]
    limits: Mapping[str, int]
    hidden: tuple[str, ...] = ()
    forbids: tuple[Any, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    cache: str = ""
    fingerprint: str = ""
    stage: str | None = None
    scratch: bool = False
    long: tuple[str, ...] = ()
    data: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    seed: int = 0
    survey: bool = False
    explain: bool = False
    measure: bool = False
    until_failure: bool = False
    picture: bool = False
    mistakes: tuple[Subject, ...] = field(default=())
    solution: Subject | None = None

    def plain(self) -> dict[str, Any]:
        """This job as plain data, for the engine."""
        return {
            **vars(self),
            "imports": list(self.imports),
            "hidden": list(self.hidden),
            "checks": list(self.checks),
            "long": list(self.long),
            "only": list(self.only),
            "forbids": list(self.forbids),
            "limits": dict(self.limits),
            "data": dict(self.data),
            "parameters": dict(self.parameters),
            "subjects": [_plain(subject) for subject in self.subjects],
            "mistakes": [_plain(subject) for subject in self.mistakes],
            "solution": _plain(self.solution) if self.solution else None,
        }

    def checks_of(self, subject: Subject) -> list[str]:
        """The checks for which `subject` sits in this job, in order."""
        spared = self.long if subject.short else ()
        wanted = self.only or self.checks
        return [name for name in self.checks if name in wanted and name not in spared]

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Job:
        """The job that `plain` made."""
        fields = dict(plain)
        for name in ("imports", "hidden", "checks", "long", "only", "forbids"):
            fields[name] = tuple(fields[name])
        for name in ("subjects", "mistakes"):
            fields[name] = tuple(Subject.of(subject) for subject in fields[name])
        fields["solution"] = Subject.of(fields["solution"]) if fields["solution"] else None
        return cls(**fields)


def _plain(subject: Subject) -> dict[str, Any]:
    return {**vars(subject), "sources": dict(subject.sources)}
