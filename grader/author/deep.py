"""The deep check: two hundred seeds, every mutant, wrong gradients; what holds becomes a proof."""

from __future__ import annotations

import datetime
import hashlib
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from llmex.grader.author import equivalent, proof, verdicts
from llmex.grader.author.bench import Bench, Step
from llmex.grader.author.check import CORES
from llmex.grader.author.equivalent import GRADIENTS
from llmex.grader.author.finding import at, line_in, line_of_check
from llmex.grader.author.injected import Injection, injections
from llmex.grader.author.mutants import Mutant, mutants
from llmex.grader.author.proof import Gradients, Proof, Runs, Score, Spent
from llmex.grader.author.sessions import Fate, Sessions, Wrong
from llmex.grader.author.sources import can_run
from llmex.grader.author.survey import HASTE
from llmex.grader.catalog import Course, Exercise
from llmex.grader.engine.private import PrivateEngine
from llmex.grader.errors import LlmexError
from llmex.grader.version import __version__

PATIENCE = 5.0  # a mutant may take so many times the solution's processor time


@dataclass(frozen=True)
class Proved:
    """One exercise after the deep check; it is proved where there are no findings.

    `survivors` are the mutants that no check tells and nobody calls equivalent, also where they
    are few enough. `trouble` is what kept llmex from judging.
    """

    exercise: str
    findings: tuple[LlmexError, ...] = ()
    proof: Proof | None = None
    survivors: tuple[Mutant, ...] = ()
    seconds: float = 0.0
    trouble: LlmexError | None = None


def deep(
    course: Course,
    ids: Sequence[str],
    on_proved: Callable[[Proved], None] = lambda _: None,
    on_step: Step = lambda *_: None,
    *,
    seeds: int = proof.SEEDS,
    again: bool = False,
) -> list[Proved]:
    """Prove the exercises one after the other, each on all cores, and write what is proved.

    It takes minutes, so that it has an engine of its own, which no other command replaces.
    With `again` nothing is written: all that the committed proof says must be found.
    """
    done = []
    with PrivateEngine(CORES) as engine:
        bench = Bench(engine, CORES, on_step)
        for exercise_id in ids:
            done.append(_prove(course, exercise_id, bench, seeds, again))
            on_proved(done[-1])
        bench.close()
    return done


def drawn(ids: Sequence[str], revision: str, count: int = 2) -> list[str]:
    """The exercises that a revision's hash draws to be proved again, in the course's order."""

    def lot(exercise_id: str) -> str:
        return hashlib.sha256(f"{revision.strip()}/{exercise_id}".encode()).hexdigest()

    chosen = set(sorted(ids, key=lot)[:count])
    return [exercise_id for exercise_id in ids if exercise_id in chosen]


def quickly_proved(course: Course) -> list[str]:
    """The exercises without a training of minutes, which take part in the draw."""
    found = {exercise_id: course.attempt(exercise_id)[0] for exercise_id in course.ids}
    return [exercise_id for exercise_id, one in found.items() if one is None or not one.trains]


def _prove(course: Course, exercise_id: str, bench: Bench, seeds: int, again: bool) -> Proved:
    exercise, errors = course.attempt(exercise_id)
    if exercise is None:
        return Proved(exercise_id, tuple(errors))
    if not can_run(exercise):
        return Proved(exercise.id, tuple(proof.findings(course, exercise)))
    try:
        found = _Attempt(course, exercise, bench, seeds)
        errors = list(found.findings())
    except LlmexError as error:
        return Proved(exercise.id, trouble=error)
    if again:
        errors += _differences(exercise, found.proof)
    elif not errors and seeds >= proof.SEEDS:
        proof.write(exercise, found.proof)
    seconds = bench.seconds.get(exercise.id, 0.0)
    return Proved(exercise.id, tuple(errors), found.proof, tuple(found.survivors), seconds)


class _Attempt:
    """All sessions of one exercise, and what they came to."""

    def __init__(self, course: Course, exercise: Exercise, bench: Bench, seeds: int) -> None:
        self._exercise = exercise
        self._marked, self._errors = equivalent.marked(exercise)
        solution = exercise.solution_path.read_text("utf-8")
        sessions = Sessions(course, exercise, bench)
        self._costs = sessions.costs()
        names = self._names = sessions.differentiable()
        self._mutants, self._injections = mutants(solution), injections(solution, names)
        right = sessions.begin_right(seeds)
        patience = _patience(self._costs)
        wrong = sessions.begin_wrong([one.source for one in self._mutants], patience)
        spoilt = sessions.begin_wrong([one.source for one in self._injections], patience)
        self._right, self._judged = right, right.verdicts()
        self._fates = self._of_mutants(sessions, wrong)
        self._spoilt = dict(zip(self._injections, spoilt.fates(), strict=True))
        self.proof = self._proof(course, names, seeds)

    def _of_mutants(self, sessions: Sessions, wrong: Wrong) -> dict[Mutant, Fate]:
        """Every mutant's fate; the survivors sit for the long checks as well, but for trainings."""
        fates = dict(zip(self._mutants, wrong.fates(), strict=True))
        left = [one for one, fate in fates.items() if not fate.told_by]
        if left and self._exercise.long and not self._exercise.trains:
            long = sessions.survive_long([one.source for one in left])
            fates |= dict(zip(left, long, strict=True))
        return fates

    @property
    def survivors(self) -> list[Mutant]:
        """The mutants that no check tells and nobody calls equivalent."""
        marked = self._marked.names
        return [m for m, fate in self._fates.items() if not fate.told_by and m.name not in marked]

    def _proof(self, course: Course, names: Sequence[str], seeds: int) -> Proof:
        seconds = self._right.seconds()
        failed = sum(not _passes(one.must, verdict.outcome) for one, verdict in self._judged)
        equal = sum(not f.told_by and m.name in self._marked.names for m, f in self._fates.items())
        killed = sum(bool(fate.told_by) for fate in self._fates.values())
        asked = [one for one in self._spoilt if one.name not in self._marked.exempt]
        told = sum(bool(self._spoilt[one].told_by) for one in asked)
        names = [name for name in names if name not in self._marked.exempt]
        lines = tuple(f"{one.line} {one.name}" for one in self.survivors)
        return Proof(
            schema=proof.SCHEMA,
            llmex=__version__,
            date=datetime.datetime.now(datetime.UTC).date().isoformat(),
            seeds=Runs(seeds, failed, tuple(dict.fromkeys(one.name for one, _ in self._judged))),
            mutants=Score(len(self._mutants), killed, equal, lines),
            gradients=Gradients(tuple(names), len(asked), told),
            checks={
                name: Spent(round(1000 * seconds.get(name, 0.0), 1), round(cost["memory_mb"], 1))
                for name, cost in self._costs.items()
            },
            files=proof.hashes(course, self._exercise),
        )

    # -- what is wrong -----------------------------------------------------------------------

    def findings(self) -> Iterator[LlmexError]:
        """Everything that keeps this from being a proof."""
        yield from self._errors
        yield from verdicts.findings(self._exercise, self._judged)
        killed = {one.name: fate.told_by for one, fate in self._fates.items() if fate.told_by}
        spoilt = {GRADIENTS + one.name: fate.told_by for one, fate in self._spoilt.items()}
        killed |= {name: check for name, check in spoilt.items() if check}
        yield from self._marked.disagreements(self._mutants, killed, self._names)
        yield from self._broken()
        yield from self._survived()
        yield from self._untold()
        yield from self._slow()

    def _broken(self) -> Iterator[LlmexError]:
        for one, fate in self._fates.items():
            if fate.trouble:
                yield at(
                    self._exercise.suite_path,
                    1,
                    "{file}:{line}: the suite breaks on {name}: {text}",
                    "Let compare look at a value before you use it: assert_shape, unpack.",
                    name=one.name,
                    text=fate.trouble,
                )

    def _survived(self) -> Iterator[LlmexError]:
        """Too many survivors, one by one."""
        score = self.proof.mutants
        for one in self.survivors if score.rate < proof.SCORE else ():
            yield at(
                self._exercise.solution_path,
                one.line,
                "{file}:{line}: no check tells this mutant: {mutant}",
                "Add a case in which it differs, or say in equivalent.yaml why none can.",
                mutant=one.name,
            )

    def _untold(self) -> Iterator[LlmexError]:
        for one, fate in self._spoilt.items():
            if not fate.told_by and one.name not in self._marked.exempt:
                yield _wrong_gradient(self._exercise, one)

    def _slow(self) -> Iterator[LlmexError]:
        """Checks in which a right answer comes near the limits: a slow machine would fail it."""
        limits = self._exercise.limits
        for check, (seconds, who) in self._right.slowest().items():
            most = self._exercise.limit("cpu_s", check)
            if seconds > HASTE * most:
                yield self._near(check, who, f"{seconds:.1f}", f"{most:g}", "cpu_s")
        for check, cost in self._costs.items():
            if cost["memory_mb"] > HASTE * limits.memory_mb:
                took = f"{cost['memory_mb']:.0f}"
                yield self._near(check, "solution", took, str(limits.memory_mb), "memory_mb")

    def _near(self, check: str, who: str, took: str, limit: str, name: str) -> LlmexError:
        return at(
            self._exercise.suite_path,
            line_of_check(self._exercise.suite_path, check),
            "{file}:{line}: in '{check}' {who} takes {took} of the {limit} of {name}.",
            "Make the check smaller or the limit larger: half of it must be enough.",
            check=check,
            who=who,
            took=took,
            limit=limit,
            name=name,
        )


def _patience(costs: dict[str, dict[str, float]]) -> float:
    """The processor seconds that a mutant gets for a check."""
    most = max((cost["answer_s"] for cost in costs.values()), default=0.0)
    return float(max(1, math.ceil(PATIENCE * most)))


def _passes(must: str, outcome: str) -> bool:
    return outcome == "passed" or (outcome == "delegated" and must == "delegate")


def _wrong_gradient(exercise: Exercise, one: Injection) -> LlmexError:
    return at(
        exercise.suite_path,
        1,
        "{file}:{line}: every check passes with the gradients of '{name}' {kind}.",
        "Pull a random cotangent back through it, and compare; or say in equivalent.yaml why the "
        "exercise promises no gradients of it.",
        name=one.name,
        kind=one.kind,
    )


def _differences(exercise: Exercise, found: Proof) -> Iterator[LlmexError]:
    """What a committed proof claims that could not be proved again."""
    claimed, errors = proof.load(exercise)
    yield from errors
    path = exercise.solution_folder / proof.FILE
    again = "Run `llmex author check --deep {id}`, and commit what it writes."
    if claimed is None and not errors:
        yield at(path, 1, "{file}:{line}: this file is missing.", again, id=exercise.id)
    if claimed is not None and not claimed.found_again(found):
        now, then = found.mutants, claimed.mutants
        yield at(
            path,
            line_in(path, "mutants:"),
            "{file}:{line}: it says that {then} of {made} mutants are told, but now {now} of {all} "
            "mutants and {told} of {injected} wrong gradients are, with {failed} failures.",
            again,
            id=exercise.id,
            then=then.killed,
            made=then.made,
            now=now.killed,
            all=now.made,
            told=found.gradients.killed,
            injected=found.gradients.injected,
            failed=found.seeds.failed,
        )
