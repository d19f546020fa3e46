"""Grade one answer to one exercise: the sentence that joins the rooms. It keeps no state."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from llmex.grader import delegation
from llmex.grader.catalog import load_course, mistakes
from llmex.grader.engine import Engine, Event, judge, open_engine
from llmex.grader.engine.warm import fingerprint
from llmex.grader.job import SOLUTION, Job, Subject
from llmex.grader.report import Check, Diagnosis, Report, Verdict, from_plain
from llmex.grader.shelf import shelved
from llmex.grader.sources import gather

if TYPE_CHECKING:
    from llmex.grader.exercise import Exercise
    from llmex.grader.sources import Answer

ANSWER = "answer"  # the label of the one who is judged


def grade(
    exercise: Exercise,
    answer: Answer,
    *,
    stand_in: Answer | None = None,
    missing: Sequence[str] = (),
    quick: bool = False,
    diagnose: bool = True,
    explain: bool = False,
    seed: int = 0,
    engine: Engine | None = None,
    on_event: Callable[[Event], None] | None = None,
) -> Report:
    """Judge `answer` by the hidden suite of `exercise` and say why.

    An untouched stub is not judged. `stand_in` is the same answer with the public stand-ins in
    place of earlier answers that have no current pass: if `answer` fails, it is judged too, and
    the report says whether the fault lies with those. `missing` are the prerequisites that
    are not the learner's own with a current pass: an exercise that is to be one's own is then at
    best `borrowed`. With `quick` the long checks are left out: then it is at best `unfinished`.
    With `explain` the calls of each failed check are kept. `engine` is a running one to use;
    without it one is found for this call. Raises LlmexError where the exercise itself is broken or
    cannot be judged.
    """
    started = time.monotonic()
    if not answer.started:
        return _report(exercise, answer, not_started(exercise), started)
    if engine is None:
        with open_engine() as own:
            return grade(
                exercise, answer, stand_in=stand_in, missing=missing, quick=quick,
                diagnose=diagnose, explain=explain, seed=seed, engine=own, on_event=on_event,
            )  # fmt: skip
    quick = quick and bool(exercise.long)
    job = job_of(exercise, answer, diagnose=diagnose, explain=explain, seed=seed, quick=quick)
    result = judge(job.plain(), engine, on_event)
    verdict = _verdict(exercise, answer, result)
    blamed, cleared = _earlier(exercise, answer, verdict, stand_in, seed, engine)
    found = result["diagnosis"]
    missing = tuple(missing) if exercise.own else ()
    return dataclasses.replace(
        _report(exercise, answer, _counted(exercise, verdict, quick, missing), started),
        diagnosis=from_plain(Diagnosis, found) if found and not blamed else None,
        tier=result["tier"],
        lacks=tuple(result["lacks"]),
        blamed=blamed,
        cleared=cleared,
        missing=missing,
        left_out=exercise.long if quick else (),
    )


def ready(exercise: Exercise) -> Engine:
    """An engine that imports what `exercise` needs while its caller does other things."""
    engine = open_engine()
    engine.warm(imports(exercise))
    return engine


def _verdict(exercise: Exercise, answer: Answer, result: dict[str, Any]) -> Verdict:
    judged = from_plain(Verdict, result["verdicts"][ANSWER])
    return statically(exercise, answer.sources[answer.main], judged)


def _counted(exercise: Exercise, verdict: Verdict, quick: bool, missing: Sequence[str]) -> Verdict:
    """The verdict with the checks that were left out, and as no pass where it counts as none."""
    if quick:
        titles = exercise.check_titles("en")
        ran = {check.name: check for check in verdict.checks}
        checks = (ran.get(n) or Check(n, titles[n], "not-run") for n in exercise.checks)
        verdict = dataclasses.replace(verdict, checks=tuple(checks))
    if verdict.outcome != "passed" or not (quick or missing):
        return verdict
    return dataclasses.replace(verdict, outcome="unfinished" if quick else "borrowed")


def _earlier(
    exercise: Exercise,
    answer: Answer,
    verdict: Verdict,
    stand_in: Answer | None,
    seed: int,
    engine: Engine,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The earlier answers at fault, and those that are not: judged once more without them.

    Nobody waits for a long check a second time: where only such a one failed, nothing is said.
    """
    if stand_in is None or verdict.outcome not in ("failed", "stopped"):
        return (), ()
    if all(c.outcome == "passed" for c in verdict.checks if c.name not in exercise.long):
        return (), ()
    replaced = tuple(e for e in answer.yours if e not in stand_in.yours)
    if not replaced:
        return (), ()
    job = job_of(exercise, stand_in, diagnose=False, seed=seed, quick=True)
    again = _verdict(exercise, stand_in, judge(job.plain(), engine))
    return (replaced, ()) if again.passed > verdict.passed else ((), replaced)


def job_of(
    exercise: Exercise,
    answer: Answer,
    *,
    diagnose: bool,
    explain: bool = False,
    seed: int,
    quick: bool = False,
) -> Job:
    """The job of judging one answer, with the known mistakes that could explain its failures.

    A mistake has below it what the answer imports, and for what only the solution imports the
    public stand-ins: else it would fail where the answer does not.
    """
    known = mistakes(exercise) if diagnose else []
    solution = exercise.solution_path.read_text("utf-8") if known else ""
    below = _below(exercise, answer, solution) if known and exercise.needs else answer

    def seated(label: str, source: str, says: str = "") -> Subject:
        sources = {**below.sources, exercise.module_name: source}
        return Subject(label, exercise.module_name, sources, says, lent=below.lent)

    return Job(
        **setting(exercise),
        cache=cache_folder(),
        fingerprint=fingerprint(),
        subjects=(Subject(ANSWER, answer.main, answer.sources, short=quick, lent=answer.lent),),
        seed=seed,
        explain=explain,
        mistakes=tuple(seated(one.id, one.source(), one.says) for one in known),
        solution=seated(SOLUTION, solution) if known else None,
    )


def _below(exercise: Exercise, answer: Answer, solution: str) -> Answer:
    """The answer with the stand-ins of what the solution imports and it does not."""
    more = gather(load_course(exercise.root), exercise, solution, None)
    lent = {name for name in more.lent if name not in answer.sources}
    return dataclasses.replace(
        answer, sources={**more.sources, **answer.sources}, lent=(*answer.lent, *sorted(lent))
    )


def cache_folder() -> str:
    """Where it is remembered what known mistakes do; "" where this user has no home."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "llmex", "mistakes") if os.path.isabs(base) else ""


def setting(exercise: Exercise) -> dict[str, Any]:
    """The part of a job that is the exercise's own: suite, checks, limits, forbidden names."""
    stage = exercise.stage_path
    forbidden = exercise.forbidden
    scoped = [{"in": where, "names": list(names)} for where, names in forbidden.items() if where]
    return {
        "exercise": exercise.id,
        "suite": str(exercise.suite_path.resolve()),
        "imports": imports(exercise),
        "hidden": tuple(str(exercise.root / tree) for tree in ("exercises", "solutions")),
        "checks": exercise.checks,
        "limits": vars(exercise.limits),
        "forbids": (*forbidden.get("", ()), *scoped),
        "parameters": delegation.parameters(exercise.stub_path.read_text("utf-8")),
        "stage": stage.read_text("utf-8") if stage else None,
        "scratch": exercise.scratch,
        "long": exercise.long,
        "data": shelved(exercise.root, exercise.data),
    }


def imports(exercise: Exercise) -> tuple[str, ...]:
    """What judge and worker should find imported; torch brings some parts in only when used."""
    if exercise.uses != "torch":
        return ()
    suite = exercise.suite_path.read_text("utf-8")
    late = {"autograd": "torch.fx.experimental.symbolic_shapes", "optim": "torch._dynamo"}
    return ("torch", *(name for word, name in late.items() if word in suite))


def statically(exercise: Exercise, source: str, verdict: Verdict) -> Verdict:
    """A passed verdict as `delegated` where the source calls what the exercise is about."""
    stub = exercise.stub_path.read_text("utf-8")
    forbids = setting(exercise)["forbids"]
    named = delegation.found(source, forbids, delegation.exported(stub))
    called = tuple(sorted({*verdict.delegated_to, *named}))
    outcome = "delegated" if called and verdict.outcome == "passed" else verdict.outcome
    return dataclasses.replace(verdict, outcome=outcome, delegated_to=called)


def not_started(exercise: Exercise) -> Verdict:
    """The verdict on an untouched stub: nothing is written yet, nothing was run."""
    titles = exercise.check_titles("en")
    checks = tuple(Check(name, titles[name], "not-written") for name in exercise.checks)
    return Verdict("not-started", checks)


def _report(
    exercise: Exercise,
    answer: Answer,
    verdict: Verdict,
    started: float,
) -> Report:
    return Report(
        exercise=exercise.id,
        version=exercise.version,
        verdict=verdict,
        yours=tuple(answer.yours),
        provided=tuple(answer.provided),
        seconds=round(time.monotonic() - started, 3),
    )
