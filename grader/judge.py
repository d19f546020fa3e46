"""The judge: a trusted process, forked for one job, in which pytest and the suite run."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from typing import Any

from llmex.grader import observation, suite
from llmex.grader.engine import frames
from llmex.grader.inquiry import inquire
from llmex.grader.job import SOLUTION, Job, Subject
from llmex.grader.report import Check, Diagnosis, Outcome, Sentence, Verdict, to_plain
from llmex.grader.sandbox import Worker
from llmex.grader.seat import Seat
from llmex.grader.sketch import sketched
from llmex.grader.suite import Ran, Session


class Hatchery:
    """Asks the engine for workers, and for their end."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control

    def hatch(self, limits: dict[str, Any]) -> Worker:
        """A new worker, as the judge's end of its socket."""
        frames.send(self._control, {"do": "worker", "limits": limits})
        pid = int(frames.receive(self._control)["pid"])
        _, (number,), _, _ = socket.recv_fds(self._control, 1, 1)

        def end() -> tuple[str, int]:
            frames.send(self._control, {"do": "end", "pid": pid})
            kind, code = frames.receive(self._control)["cause"]
            return str(kind), int(code)

        return Worker(socket.socket(fileno=number), end, limits, pid)

    def watch_client(self) -> None:
        """The job has been read: from now on the client's goodbye ends this judge."""
        frames.send(self._control, {"do": "watch"})


def serve(client: socket.socket, control: socket.socket) -> None:
    """Read one job, judge it, and send the result."""
    job = Job.of(frames.receive(client))
    hatchery = Hatchery(control)
    hatchery.watch_client()
    os.environ.setdefault("HOME", "/")

    def tell(label: str, check: Check) -> None:
        event = {"subject": label, "check": check.name, "outcome": check.outcome}
        frames.send(client, {"event": "check", **event})

    def hear(label: str, event: dict[str, Any]) -> None:
        frames.send(client, {**event, "subject": label})

    judging = Judging(job, hatchery, tell, hear)
    result = judging.picture() if job.picture else judging.result()
    frames.send(client, {"event": "result", "result": result})


class Judging:
    """One job from its sessions to its result."""

    def __init__(self, job: Job, hatchery: Hatchery, tell: Any, hear: Any) -> None:
        self._job, self._hatchery, self._tell, self._hear = job, hatchery, tell, hear

    def result(self) -> dict[str, Any]:
        """Verdicts by label, the diagnosis, and what an author wants to know, as plain data."""
        seats = [self._seat(subject, self._job) for subject in self._job.subjects]
        heard = observation.Observation()
        for seat in seats:
            if self._job.survey and seat.label == SOLUTION:
                seat.hear = heard.note
        session = suite.run(self._job, seats, self._tell, self._hear)
        verdicts = {seat.label: verdict(seat, session) for seat in seats}
        tier, lacks = next(((s.tier, s.lacks) for s in seats if s.tier), ("", ()))
        for seat in seats:
            seat.close()
        return {
            "verdicts": to_plain(verdicts),
            "diagnosis": to_plain(self._diagnosis(session, verdicts)),
            "tier": tier,
            "lacks": list(lacks),
            **(observation.facts(self._job, session, heard) if self._job.survey else {}),
            **(
                {"costs": {seat.label: _costs(seat) for seat in seats}} if self._job.measure else {}
            ),
        }

    def picture(self) -> dict[str, Any]:
        """The picture of the first subject's code, as plain data."""
        seat = self._seat(self._job.subjects[0], self._job)
        try:
            return {"picture": to_plain(sketched(self._job, seat))}
        finally:
            seat.close()

    def _seat(self, subject: Subject, job: Job) -> Seat:
        return Seat(subject, job, self._hatchery.hatch)

    def _diagnosis(self, session: Session, verdicts: dict[str, Verdict]) -> Diagnosis | None:
        """The mistake behind a single failed answer, where one explains it."""
        label = self._job.subjects[0].label
        alone = len(self._job.subjects) == 1 and not session.trouble
        if not alone or verdicts[label].outcome != "failed":
            return None
        return inquire(self._job, self._seat, session.ran[label])


def _costs(seat: Seat) -> dict[str, dict[str, float]]:
    """What each check cost, by its name."""
    return {name: vars(cost) for name, cost in zip(seat.order, seat.costs, strict=False)}


def verdict(seat: Seat, session: Session) -> Verdict:
    """What the outcomes of a subject's checks come to."""
    ran = session.ran[seat.label]
    trouble = session.trouble or next((one.trouble for one in ran if one.trouble), None)
    delegated = tuple(sorted(seat.delegated))
    return Verdict(
        outcome=_outcome(trouble, seat, ran, delegated),
        checks=tuple(one.check for one in ran),
        stop=seat.stop,
        problem=trouble or seat.problem,
        lines=seat.lines,
        output=seat.output,
        output_lost=seat.output_lost,
        delegated_to=delegated,
        runs=tuple(run.record() for run in seat.runs),
    )


def _outcome(
    trouble: Sentence | None, seat: Seat, ran: Sequence[Ran], delegated: tuple[str, ...]
) -> Outcome:
    if trouble or not ran:
        return "grader-error"
    if seat.stop:
        return "stopped"
    if any(one.check.outcome != "passed" for one in ran):
        return "failed"
    return "delegated" if delegated else "passed"
