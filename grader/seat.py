"""The learner's seat in a suite: one subject, its worker, and what became of both."""

from __future__ import annotations

import contextlib
import dataclasses
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from llmex.grader import counterexample
from llmex.grader.answers import AnswerUnwritten
from llmex.grader.compare import CheckFailed
from llmex.grader.cost import Cost, reading
from llmex.grader.differentiate import lost_gradient
from llmex.grader.draws import Seeds
from llmex.grader.evidence import Evidence, record
from llmex.grader.guard import Overdue, bounded
from llmex.grader.job import Job, Subject
from llmex.grader.learner import Learner
from llmex.grader.report import CheckOutcome, Counterexample, Sentence
from llmex.grader.sandbox import SubjectStopped, Worker
from llmex.grader.trace import Call, LearnerFault
from llmex.grader.training import LiveRun
from llmex.grader.transcript import transcript

SUITE_TROUBLE = "The suite itself failed in this check: {error}."
# Of a traceback and of a message, whatever an answer's process says.
_MOST_LINES, _WIDEST, _LONGEST = 6, 400, 2000
Outcome = tuple[CheckOutcome, Counterexample | None, Sentence | None]


class Seat:
    """One subject through one session. The first stop ends it: what is left does not run."""

    def __init__(
        self, subject: Subject, job: Job, hatch: Callable[[dict[str, Any]], Worker]
    ) -> None:
        self.label = subject.label
        self.seed = job.seed if subject.seed is None else subject.seed
        self.checks = job.checks_of(subject)
        self.order = sorted(self.checks, key=lambda name: name in job.long)  # as they are run
        self.costs: list[Cost] = []
        self.runs: list[LiveRun] = []
        self.hear: Callable[[Sequence[Call]], None] = lambda _: None
        self.stop: Sentence | None = None
        self.problem: Sentence | None = None
        self.lines: tuple[str, ...] = ()
        self._subject, self._job, self._hatch = subject, job, hatch
        self._worker: Worker | None = None
        self._learner: Learner | None = None
        self._failed = False

    @property
    def learner(self) -> Learner | None:
        """The proxy that a suite calls; None where the subject could not be loaded."""
        if self._worker is None:
            with contextlib.suppress(SubjectStopped, LearnerFault):
                self._guard(self._start)
        return self._learner

    def sit(self, seeds: Seeds, check: Callable[[], None], long: bool = False) -> Outcome:
        """Run one check: its outcome, the counterexample, and the suite's own trouble if any.

        A `long` one is not run for a subject that has failed another.
        """
        before = self._spent()
        outcome = self._in_time(seeds, check, long)
        for run in self.runs:
            run.close()
        self._failed = self._failed or outcome[0] != "passed"
        self.costs.append(self._spent().since(before))
        return outcome

    def _in_time(self, seeds: Seeds, check: Callable[[], None], long: bool) -> Outcome:
        """Run one check; an answer ends whose values take too long to look at."""
        if self.learner is None or self._worker is None:
            return "not-run", None, None
        worker = self._worker
        try:
            with bounded(worker.allowed_s(long)):
                return self._sit(seeds, check, long)
        except Overdue:
            with contextlib.suppress(SubjectStopped):
                self._guard(worker.too_slow)
            return "stopped", None, None

    def _sit(self, seeds: Seeds, check: Callable[[], None], long: bool) -> Outcome:
        learner = self.learner
        enough = self._failed and (long or self._job.until_failure)
        if learner is None or self.stop or self.problem or enough:
            return "not-run", None, None
        try:
            self._guard(lambda: learner.begin(seeds.number("worker"), long))
            self._guard(check)
        except SubjectStopped:
            return "stopped", self._shown(learner, None), None
        except LearnerFault as fault:
            return self._faulty(learner, fault)
        except Overdue:
            raise
        except BaseException as error:  # a suite's own error is never the learner's fault
            lost = lost_gradient(error) if learner.trace else None
            if lost is not None:
                return self._faulty(learner, lost)
            return "error", None, _trouble(error, self._job.suite)
        self.hear(learner.trace)
        return "passed", None, None

    def _faulty(self, learner: Learner, fault: LearnerFault) -> Outcome:
        _note(fault)
        outcome: CheckOutcome = "not-written" if isinstance(fault, AnswerUnwritten) else "failed"
        return outcome, self._shown(learner, fault), None

    def _spent(self) -> Cost:
        """What judge and worker have spent so far, where the job asks for it."""
        return reading(self._worker.pid) if self._job.measure and self._worker else Cost()

    def _start(self) -> None:
        limits = {**self._job.limits, "scratch": self._job.scratch}
        self._worker = self._hatch(limits)
        learner = Learner(self._worker)
        try:
            learner.open(
                sources=dict(self._subject.sources),
                main=self._subject.main,
                stage=self._job.stage,
                forbids=list(self._job.forbids),
                lent=self._subject.lent,
            )
        except LearnerFault as fault:
            self.problem = _short(fault.finding)
            self.lines = tuple(line[:_WIDEST] for line in fault.lines[-_MOST_LINES:])
            raise
        self._learner = learner

    def _guard(self, act: Callable[[], None]) -> None:
        try:
            act()
        except SubjectStopped as stopped:
            self.stop = stopped.cause
            raise

    def _shown(self, learner: Learner, fault: LearnerFault | None) -> Counterexample | None:
        job, main = self._job, self._subject.main
        trace = learner.trace
        case = counterexample.build(fault, trace, main, learner.printed, job.parameters)
        if case is None or not job.explain:
            return case
        return dataclasses.replace(case, calls=transcript(trace))

    def halt(self, cause: Sentence) -> NoReturn:
        """End the subject, in the middle of a check, for a reason of the judge's own."""
        assert self._worker is not None
        self._worker.halt(cause)

    @property
    def output(self) -> str:
        """What the subject printed, as far as it was kept."""
        return self._worker.output if self._worker else ""

    @property
    def output_lost(self) -> int:
        """How many characters it printed beyond that."""
        return self._worker.output_lost if self._worker else 0

    @property
    def delegated(self) -> set[str]:
        """The forbidden operators that it was seen to call."""
        return set(self._worker.delegated) if self._worker else set()

    @property
    def tier(self) -> str:
        """What protection its worker was observed to have."""
        return self._worker.tier if self._worker else ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """Which protections its worker was observed to lack."""
        return self._worker.lacks if self._worker else ()

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._worker.close()


def _short(sentence: Sentence) -> Sentence:
    """A sentence whose fields are no longer than somebody reads."""
    fields = sentence.fields.items()
    return Sentence(sentence.text, {k: v[:_LONGEST] if type(v) is str else v for k, v in fields})


def _note(fault: LearnerFault) -> None:
    """Keep as evidence what ended a check other than by the comparator."""
    if not isinstance(fault, CheckFailed):
        got = getattr(fault, "name", fault.finding.english())
        kind = type(fault).__name__
        record(Evidence("raises", kind, got, None, None, None, False, float("inf")))


def _trouble(error: BaseException, suite: str) -> Sentence:
    """What went wrong in a suite, and in which of its lines."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame.lineno for frame in reversed(frames) if frame.filename == suite), None)
    where = f" (suite.py:{line})" if line else ""
    text = f"{type(error).__name__}: {str(error)[:200]}{where}"
    return Sentence(SUITE_TROUBLE, {"error": text, "line": line or 1})
