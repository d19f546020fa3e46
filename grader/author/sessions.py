"""The sessions of a deep check: right answers on many seeds, mutants, wrong gradients, costs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, TypeVar

from llmex.grader.author import injected
from llmex.grader.author.bench import Bench, Result
from llmex.grader.author.subjects import Cast, Sitter, spared, verdict_of
from llmex.grader.catalog import Course, Exercise
from llmex.grader.grade import setting
from llmex.grader.job import SOLUTION, Job, Subject
from llmex.grader.report import Verdict, from_plain
from llmex.grader.sources import gather

_NOTHING = {"judge_s": 0.0, "answer_s": 0.0, "memory_mb": 0.0}
T = TypeVar("T")

LONG_SEEDS = 5  # seeds on which the solution sits for the long checks too
CROWD = 24  # subjects in one session


@dataclass(frozen=True)
class Fate:
    """What became of a mutant or an injection: the check that told it, or "" if none did.

    `trouble` is the suite's own error where it broke on the mutant.
    """

    told_by: str
    trouble: str = ""


class Sessions:
    """Runs one exercise's suite on a bench; every method waits for its sessions."""

    def __init__(self, course: Course, exercise: Exercise, bench: Bench) -> None:
        self._course, self._exercise, self._bench = course, exercise, bench
        self._setting = setting(exercise)
        self._solution = exercise.solution_path.read_text("utf-8")

    # -- the solution by itself --------------------------------------------------------------

    def costs(self) -> dict[str, dict[str, float]]:
        """What each check of the solution takes in a worker of its own, so that memory shows."""
        alone = self._subject("solution", self._solution)
        jobs = {
            name: self._submit([alone], only=(name,), measure=True)
            for name in self._exercise.checks
        }
        found = {name: future.result()["costs"]["solution"] for name, future in jobs.items()}
        return {name: costs.get(name, _NOTHING) for name, costs in found.items()}

    def differentiable(self) -> list[str]:
        """The names of the stub whose results have gradients; none without torch."""
        if self._exercise.uses != "torch":
            return []
        stub = self._exercise.stub_path.read_text("utf-8")
        subject = self._subject("probe", injected.probe(self._solution, stub), short=True)
        result = self._submit([subject]).result()
        return injected.differentiable(result["verdicts"]["probe"]["output"])

    # -- right answers -----------------------------------------------------------------------

    def begin_right(self, seeds: int) -> Right:
        """Hand in the solution, the alternatives and the delegated, each on so many seeds."""
        cast = Cast(self._course, self._exercise)
        often = 1 if self._exercise.trains else LONG_SEEDS
        everyone = (one for seed in range(seeds) for one in cast.right(seed))
        sitters = [one if one.seed < often else spared(one) for one in everyone]
        jobs = [
            (group, self._submit([one.subject for one in group], measure=True))
            for group in _groups(sitters, CROWD)
        ]
        return Right(self._exercise, jobs)

    # -- wrong answers -----------------------------------------------------------------------

    def begin_wrong(self, sources: Sequence[str], cpu_s: float) -> Wrong:
        """Hand in changed solutions; each may compute for `cpu_s` seconds in a check."""
        limits = {**self._setting["limits"], "cpu_s": min(cpu_s, self._exercise.limits.cpu_s)}
        subjects = [self._subject(str(i), text, short=True) for i, text in enumerate(sources)]
        jobs = [
            self._submit(group, limits=limits, until_failure=True)
            for group in _groups(subjects, CROWD)
        ]
        return Wrong(jobs)

    def survive_long(self, sources: Sequence[str]) -> list[Fate]:
        """What the long checks say of changed solutions that the others let pass."""
        subjects = [self._subject(str(i), text) for i, text in enumerate(sources)]
        long = tuple(name for name in self._exercise.checks if name in self._exercise.long)
        jobs = [
            self._submit(group, only=long, until_failure=True) for group in _groups(subjects, 2)
        ]
        return Wrong(jobs).fates()

    def _subject(self, label: str, text: str, short: bool = False) -> Subject:
        answer = gather(self._course, self._exercise, text, None)
        return Subject(label, answer.main, answer.sources, short=short, lent=answer.lent)

    def _submit(self, subjects: Iterable[Subject], **options: Any) -> Future[Result]:
        return self._bench.submit(Job(**{**self._setting, "subjects": tuple(subjects), **options}))


@dataclass(frozen=True)
class Right:
    """Right answers at work."""

    exercise: Exercise
    jobs: Sequence[tuple[Sequence[Sitter], Future[Result]]]

    def verdicts(self) -> list[tuple[Sitter, Verdict]]:
        """Everyone's verdict, with what the source alone says of delegation."""
        return [
            (one, verdict_of(self.exercise, one, future.result()))
            for group, future in self.jobs
            for one in group
        ]

    def seconds(self) -> dict[str, float]:
        """Processor time of each check of the solution, judge and answer, its mean over seeds."""
        spent: dict[str, list[float]] = {name: [] for name in self.exercise.checks}
        for cost in self._costs(SOLUTION):
            for name, one in cost.items():
                spent[name].append(one["judge_s"] + one["answer_s"])
        return {name: sum(times) / len(times) for name, times in spent.items() if times}

    def slowest(self) -> dict[str, tuple[float, str]]:
        """For each check the most processor time that a right answer took, and its name."""
        most: dict[str, tuple[float, str]] = {}
        for who in dict.fromkeys(one.name for group, _ in self.jobs for one in group):
            for cost in self._costs(who):
                for name, one in cost.items():
                    most[name] = max(most.get(name, (0.0, "")), (one["answer_s"], who))
        return most

    def _costs(self, who: str) -> Iterator[Mapping[str, Mapping[str, float]]]:
        for group, future in self.jobs:
            for one in group:
                if one.name == who:
                    yield future.result()["costs"][one.subject.label]


@dataclass(frozen=True)
class Wrong:
    """Wrong answers at work."""

    jobs: Sequence[Future[Result]]

    def fates(self) -> list[Fate]:
        """What became of each, in the order in which they were handed in."""
        verdicts = [
            from_plain(Verdict, plain)
            for future in self.jobs
            for plain in future.result()["verdicts"].values()
        ]
        return [_fate(verdict) for verdict in verdicts]


def _fate(verdict: Verdict) -> Fate:
    if verdict.outcome in ("passed", "delegated"):
        return Fate("")
    if verdict.outcome == "grader-error":
        return Fate("", verdict.problem.english() if verdict.problem else "no verdict")
    told = next((c.name for c in verdict.checks if c.outcome not in ("passed", "not-run")), "")
    return Fate(told or "loading it")


def _groups(items: Sequence[T], size: int) -> list[Sequence[T]]:
    """The items in groups of about the same size, at most `size`."""
    count = max(1, math.ceil(len(items) / size))
    each = math.ceil(len(items) / count)
    return [items[i : i + each] for i in range(0, len(items), max(each, 1))]
