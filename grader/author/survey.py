"""Runs an exercise's suite against everyone who should pass, fail or be told apart by it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from llmex.grader.author import calls, verdicts
from llmex.grader.author.bench import Bench, Result
from llmex.grader.author.finding import at, line_of_check
from llmex.grader.author.secrets import Secrets
from llmex.grader.author.subjects import Cast, Sitter, label_of, spared, verdict_of
from llmex.grader.catalog import Course, Exercise
from llmex.grader.errors import LlmexError
from llmex.grader.grade import setting
from llmex.grader.job import SOLUTION, Job
from llmex.grader.mistakes import Mistake
from llmex.grader.report import Counterexample, Verdict

SEEDS = 5
TOLERANCES = 10.0
HASTE = 0.5  # the part of a limit that a right answer may take, so that a slow machine passes it


@dataclass(frozen=True)
class Sitting:
    """One job that was handed in, and who sits for it."""

    who: Sequence[Sitter]
    result: Future[Result]


class Survey:
    """All sessions of one exercise: handed in by `begin`, read by `findings`."""

    def __init__(
        self, course: Course, exercise: Exercise, mistakes: Sequence[Mistake], quick: bool = False
    ) -> None:
        self._exercise, self._mistakes, self._quick = exercise, mistakes, quick
        self._cast = Cast(course, exercise)
        self._sittings: list[Sitting] = []
        self.seconds: dict[str, float] = {}

    def begin(self, bench: Bench) -> None:
        """Hand in: the mistakes; right answers with other seeds; right answers, stub and junk."""
        later = [spared(one) for seed in range(1, SEEDS) for one in self._cast.right(seed)]
        first = [one for one in self._cast.right(0) if one.name != SOLUTION]
        self._hand_in(bench, self._cast.wrong(self._mistakes), survey=True)
        self._hand_in(bench, later)
        self._hand_in(bench, [*first, *self._cast.other_forms(), *self._cast.empty()])

    def _hand_in(self, bench: Bench, who: Iterable[Sitter], survey: bool = False) -> None:
        sitters = tuple(map(spared, who) if self._quick else who)
        subjects = tuple(one.subject for one in sitters)
        known = {label_of(mistake) for mistake in self._mistakes}
        mistakes = tuple(one for one in subjects if one.label in known)
        job = Job(**setting(self._exercise), subjects=subjects, survey=survey, mistakes=mistakes)
        self._sittings.append(Sitting(sitters, bench.submit(job)))

    def findings(self) -> Iterator[LlmexError]:
        """What the suite does wrong; waits for the sessions. LlmexError if one was not judged."""
        results = [sitting.result.result() for sitting in self._sittings]
        survey = results[0]
        judged = [
            (one, verdict_of(self._exercise, one, result))
            for sitting, result in zip(self._sittings, results, strict=True)
            for one in sitting.who
        ]
        yield from verdicts.findings(self._exercise, judged)
        yield from self._told(judged)
        if survey["printed"]:
            yield at(
                self._exercise.suite_path,
                1,
                "{file}:{line}: the suite prints when it runs: {text}",
                "Remove what prints: what a suite knows is not for the learner's screen.",
                text=survey["printed"].strip().split("\n")[0][:100],
            )
        yield from self._named(survey, {one.subject.label: verdict for one, verdict in judged})
        yield from self._unsteady(survey)
        yield from self._exact(survey)
        yield from calls.findings(self._exercise, survey["calls"])
        yield from self._times(judged)

    def _named(self, survey: Result, found: Mapping[str, Verdict]) -> Iterator[LlmexError]:
        """Numeric mistakes miss by ten tolerances, and each is named as itself and nothing else."""
        for one in self._mistakes:
            label = label_of(one)
            if found[label].outcome != "failed" or found[label].problem:
                continue
            path, line = self._exercise.mistakes_path, one.place.line
            margin = max(survey["margins"].get(label, {}).values(), default=0.0)
            if margin < TOLERANCES:
                yield at(
                    path,
                    line,
                    "{file}:{line}: the mistake '{id}' misses by {margin} tolerances at most.",
                    "Let a check miss by {wanted}: other sizes, float64, a smaller tolerance.",
                    id=one.id,
                    margin=round(margin, 1),
                    wanted=TOLERANCES,
                )
            alike = [name for name in survey["alike"].get(label, []) if name != label]
            if alike:
                yield at(
                    path,
                    line,
                    "{file}:{line}: the mistakes '{id}' and '{other}' give the same results.",
                    "Keep one of them, or add a check in which they differ.",
                    id=one.id,
                    other=alike[0].partition("/")[2],
                )
            elif not survey["alike"].get(label):
                yield at(
                    path,
                    line,
                    "{file}:{line}: the mistake '{id}' would not be named for a learner.",
                    "Hand compare values, not objects: what stays in the worker is no evidence.",
                    id=one.id,
                )

    def _unsteady(self, survey: Result) -> Iterator[LlmexError]:
        for check in survey["unsteady"]:
            yield at(
                self._exercise.suite_path,
                line_of_check(self._exercise.suite_path, check),
                "{file}:{line}: '{check}' gives another result for the same answer and seed.",
                "Draw from the fixtures rng and trng, and change nothing outside the function.",
                check=check,
            )

    def _exact(self, survey: Result) -> Iterator[LlmexError]:
        for check in survey["exact"]:
            yield at(
                self._exercise.suite_path,
                line_of_check(self._exercise.suite_path, check),
                "{file}:{line}: '{check}' compares fractions to the last bit.",
                "Use assert_close with 1e-6 or more: sums in another order are right too.",
                check=check,
            )

    def _told(self, judged: Sequence[tuple[Sitter, Verdict]]) -> Iterator[LlmexError]:
        """Messages for a learner in which a line of the solution stands."""
        secrets = Secrets(self._exercise.solution_path, self._exercise.stub_path)
        seen: set[str] = set()
        for _, verdict in judged:
            for check in verdict.checks:
                told = secrets.told_by(_shown(check.counterexample))
                if told and check.name not in seen:
                    seen.add(check.name)
                    yield at(
                        self._exercise.suite_path,
                        line_of_check(self._exercise.suite_path, check.name),
                        "{file}:{line}: '{check}' shows a line of the solution: {told}",
                        "Say what is wrong with the result, not how it is written.",
                        check=check.name,
                        told=told,
                    )

    def _times(self, judged: Sequence[tuple[Sitter, Verdict]]) -> Iterator[LlmexError]:
        """Checks that take a right answer near its limit; notes the slowest of each."""
        for one, verdict in judged:
            for check in verdict.checks if one.must in ("pass", "delegate") else ():
                before = self.seconds.get(check.name, 0.0)
                self.seconds[check.name] = max(before, round(check.seconds, 3))
        for name, seconds in self.seconds.items():
            limit = self._exercise.limit("wall_s", name)
            if seconds > HASTE * limit:
                yield at(
                    self._exercise.suite_path,
                    line_of_check(self._exercise.suite_path, name),
                    "{file}:{line}: '{check}' took a right answer {seconds} s of {limit} s.",
                    "Make its cases smaller, or raise 'limits' in exercise.yaml.",
                    check=name,
                    seconds=seconds,
                    limit=limit,
                )


def _shown(example: Counterexample | None) -> str:
    """What a counterexample says of its own; the learner's own lines are left out."""
    if example is None:
        return ""
    said: list[Any] = [example.name, example.want, example.got]
    said += [s.english() for s in (example.finding, example.why) if s is not None]
    return "\n".join(map(str, said))
