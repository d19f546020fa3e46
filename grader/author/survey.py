"""Runs an exercise's suite against everyone who should pass, fail or be told apart by it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from llmex.grader.author import examples
from llmex.grader.author.finding import at, line_of
from llmex.grader.author.subjects import Sitter, sitters
from llmex.grader.catalog import Course, Exercise
from llmex.grader.engine import Engine, judge
from llmex.grader.errors import LlmexError
from llmex.grader.grade import SOLUTION, setting, statically
from llmex.grader.job import Job
from llmex.grader.mistakes import Mistake
from llmex.grader.report import Verdict, from_plain

SEEDS = 5
TOLERANCES = 10.0


def findings(
    course: Course, exercise: Exercise, mistakes: list[Mistake], engine: Engine
) -> Iterator[LlmexError]:
    """What a suite does wrong with the solution, other right answers, mistakes, stub and junk."""
    everyone = sitters(course, exercise, mistakes)
    first = _session(exercise, everyone, mistakes, 0, engine)
    yield from _verdicts(exercise, everyone, first, 0)
    yield from _mistakes(exercise, mistakes, first)
    yield from _steady(exercise, first)
    if first["printed"]:
        yield at(
            exercise.suite_path,
            1,
            "the suite prints when it runs.",
            "Remove what prints: what a suite knows is not for the learner's screen.",
        )
    right = [one for one in everyone if one.must in ("pass", "delegate")]
    for seed in range(1, SEEDS):
        yield from _verdicts(exercise, right, _session(exercise, right, [], seed, engine), seed)
    yield from examples.findings(course, exercise, engine)


def _session(
    exercise: Exercise,
    who: Sequence[Sitter],
    mistakes: Sequence[Mistake],
    seed: int,
    engine: Engine,
) -> dict[str, Any]:
    known = {mistake.id for mistake in mistakes}
    subjects = tuple(one.subject for one in who)
    job = Job(
        **setting(exercise),
        subjects=subjects,
        seed=seed,
        mistakes=tuple(one for one in subjects if one.label in known),
        solution=next(one for one in subjects if one.label == SOLUTION),
    )
    result = judge(job.plain(), engine)
    verdicts = result["verdicts"].items()
    found = {label: from_plain(Verdict, plain) for label, plain in verdicts}
    texts = {one.subject.label: one.subject.sources[one.subject.main] for one in who}
    named = {label: statically(exercise, texts[label], one) for label, one in found.items()}
    return {**result, "verdicts": named}


def _verdicts(
    exercise: Exercise, who: Sequence[Sitter], result: dict[str, Any], seed: int
) -> Iterator[LlmexError]:
    troubled: set[str] = set()
    for one in who:
        verdict: Verdict = result["verdicts"][one.subject.label]
        if verdict.outcome == "grader-error":
            text = verdict.problem.english() if verdict.problem else ""
            if text not in troubled:
                yield _trouble(exercise, one, text)
            troubled.add(text)
        elif not _as_it_must(one, verdict):
            yield _wrong(one, verdict, seed)


def _as_it_must(one: Sitter, verdict: Verdict) -> bool:
    outcomes = {check.outcome for check in verdict.checks}
    if one.must == "pass":
        return verdict.outcome == "passed"
    if one.must == "delegate":
        return verdict.outcome == "delegated"
    if one.must == "be unwritten":
        return outcomes == {"not-written"}
    if one.must == "fail":
        return verdict.outcome in ("failed", "stopped")
    return verdict.outcome != "passed"


def _trouble(exercise: Exercise, one: Sitter, text: str) -> LlmexError:
    label = one.subject.label
    if one.must == "be judged":
        return at(
            exercise.suite_path,
            1,
            "the suite breaks when every function returns {value}: {text}",
            "Let compare look at the value first: assert_shape, unpack, assert_number.",
            value=label.removeprefix("junk "),
            text=text,
        )
    return at(
        exercise.suite_path,
        1,
        "the suite breaks on {label}: {text}",
        "Mend the suite: its own errors are never the learner's fault.",
        label=label,
        text=text,
    )


def _wrong(one: Sitter, verdict: Verdict, seed: int) -> LlmexError:
    line = line_of(one.path.read_text("utf-8"), f"id: {one.subject.label}")
    return at(
        one.path,
        line,
        "{label} must {must}, but its verdict is {outcome} (seed {seed}): {why}",
        "Mend the file, or the check that judges it wrongly.",
        label=one.subject.label,
        must=one.must,
        outcome=verdict.outcome,
        seed=seed,
        why=_reason(verdict),
    )


def _reason(verdict: Verdict) -> str:
    if verdict.problem:
        return verdict.problem.english()
    if verdict.stop:
        return verdict.stop.english()
    for check in verdict.checks:
        if check.outcome != "passed":
            shown_ = check.counterexample
            finding = shown_.finding.english() if shown_ and shown_.finding else ""
            return f"{check.name} {check.outcome}. {finding}".strip()
    return "every check passed"


def _mistakes(
    exercise: Exercise, mistakes: Sequence[Mistake], result: dict[str, Any]
) -> Iterator[LlmexError]:
    """Numeric mistakes miss by ten tolerances, and each is named as itself and nothing else."""
    text = exercise.mistakes_path.read_text("utf-8")
    for one in mistakes:
        line = line_of(text, f"id: {one.id}")
        margin = max(result["margins"].get(one.id, {}).values(), default=0.0)
        failed = result["verdicts"][one.id].outcome == "failed"
        if failed and margin < TOLERANCES:
            yield at(
                exercise.mistakes_path,
                line,
                "'{id}' misses by {margin} tolerances at most.",
                "Let a check miss by {wanted} or more: other sizes, float64, a smaller tolerance.",
                id=one.id,
                margin=round(margin, 1),
                wanted=TOLERANCES,
            )
        named = result["named"].get(one.id)
        if failed and named != one.id:
            yield at(
                exercise.mistakes_path,
                line,
                "'{id}' would not be named: another mistake gives the same results.",
                "Keep one of them, or add a check in which they differ.",
                id=one.id,
            )


def _steady(exercise: Exercise, result: dict[str, Any]) -> Iterator[LlmexError]:
    for check in result["unsteady"]:
        yield at(
            exercise.suite_path,
            line_of(exercise.suite_path.read_text("utf-8"), f"def {check}"),
            "'{check}' gives another result for the same answer and the same seed.",
            "Draw every random number from the fixtures rng and trng.",
            check=check,
        )
